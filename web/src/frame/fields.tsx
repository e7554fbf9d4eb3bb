/** What forms are made of: one line per field. */
import { PasswordInput, Skeleton, TextInput } from '@mantine/core'
import { type ComponentType, type ReactNode, Suspense, lazy } from 'react'

/** All but plain text comes when a form has it: the first screen does not. */
const later = <Props extends object>(load: () => Promise<ComponentType<Props>>) => {
  const Loaded = lazy(async () => ({ default: await load() }))
  return (props: Props) => (
    <Suspense fallback={<Skeleton height={60} />}>
      <Loaded {...(props as React.ComponentProps<typeof Loaded>)} />
    </Suspense>
  )
}
const inputs = () => import('./heavy-inputs.ts')
const Select = later(async () => (await inputs()).Select)
const MultiSelect = later(async () => (await inputs()).MultiSelect)
const NumberInput = later(async () => (await inputs()).NumberInput)
const Textarea = later(async () => (await inputs()).Textarea)
const Switch = later(async () => (await inputs()).Switch)
const Checkbox = later(async () => (await inputs()).Checkbox)

type Common = {
  readonly label: string
  readonly hint?: string
  readonly required?: boolean
  readonly disabled?: boolean
  /** What browsers and password managers know the field as. */
  readonly autoComplete?: string
}
export type Option = { readonly value: string; readonly label: string }

/** How Mantine's form ties an input to a value; what it hands out is spread into the input. */
type Binding = Record<string, unknown>
export type Field<Value> = Common & {
  readonly initial: Value
  readonly kind: 'input' | 'checkbox'
  readonly show: (binding: Binding) => ReactNode
}

const common = ({ label, hint, required, disabled, autoComplete }: Common) => ({
  label,
  ...(hint !== undefined && { description: hint }),
  ...(required && { required }),
  ...(disabled && { disabled }),
  ...(autoComplete !== undefined && { autoComplete }),
})

type TextOptions = Common & {
  readonly initial?: string
  readonly type?: 'text' | 'email' | 'url' | 'date' | 'datetime-local'
  readonly maxLength?: number
  readonly placeholder?: string
  readonly inputMode?: 'numeric'
}
export const text = ({
  initial = '',
  type = 'text',
  maxLength = 1000,
  ...options
}: TextOptions): Field<string> => ({
  ...options,
  initial,
  kind: 'input',
  show: (binding) => (
    <TextInput
      {...common(options)}
      type={type}
      maxLength={maxLength}
      {...(options.placeholder !== undefined && { placeholder: options.placeholder })}
      {...(options.inputMode && { inputMode: options.inputMode })}
      {...binding}
    />
  ),
})

export const secret = (options: Common): Field<string> => ({
  ...options,
  initial: '',
  kind: 'input',
  show: (binding) => <PasswordInput {...common(options)} maxLength={1024} {...binding} />,
})

export const longText = ({
  initial = '',
  maxLength = 5000,
  ...options
}: Common & { readonly initial?: string; readonly maxLength?: number }): Field<string> => ({
  ...options,
  initial,
  kind: 'input',
  show: (binding) => (
    <Textarea {...common(options)} autosize minRows={3} maxLength={maxLength} {...binding} />
  ),
})

type NumberOptions = Common & {
  readonly initial?: number | ''
  readonly min?: number
  readonly max?: number
}
export const number = ({
  initial = '',
  min,
  max,
  ...options
}: NumberOptions): Field<number | ''> => ({
  ...options,
  initial,
  kind: 'input',
  show: (binding) => (
    <NumberInput
      {...common(options)}
      {...(min !== undefined && { min })}
      {...(max !== undefined && { max })}
      allowDecimal={false}
      {...binding}
    />
  ),
})

type ChoiceOptions = Common & { readonly options: readonly Option[] }
export const choice = ({
  initial = null,
  options,
  ...rest
}: ChoiceOptions & { readonly initial?: string | null }): Field<string | null> => ({
  ...rest,
  initial,
  kind: 'input',
  show: (binding) => (
    <Select
      {...common(rest)}
      data={[...options]}
      allowDeselect={!rest.required}
      searchable={options.length > 8}
      {...binding}
    />
  ),
})

export const choices = ({
  initial = [],
  options,
  ...rest
}: ChoiceOptions & { readonly initial?: string[] }): Field<string[]> => ({
  ...rest,
  initial,
  kind: 'input',
  show: (binding) => (
    <MultiSelect {...common(rest)} data={[...options]} searchable clearable {...binding} />
  ),
})

export const toggle = ({
  initial = false,
  ...options
}: Common & { readonly initial?: boolean }): Field<boolean> => ({
  ...options,
  initial,
  kind: 'checkbox',
  show: (binding) => <Switch {...common(options)} {...binding} />,
})

export const consent = ({
  initial = false,
  ...options
}: Common & { readonly initial?: boolean }): Field<boolean> => ({
  ...options,
  initial,
  kind: 'checkbox',
  show: (binding) => <Checkbox {...common(options)} {...binding} />,
})

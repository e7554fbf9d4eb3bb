/** A form over one operation. What the server says about a field stands at that field, the rest above them all. */
import { Problem } from '@ashlar/sdk'
import { Alert, Box, Button, Group, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Fragment, type ReactNode, useEffect, useRef, useState } from 'react'
import type { Field } from './fields.tsx'
import { frameWords } from './frame-words.ts'
import { notify } from './notify.ts'
import { fieldText, useProblemText } from './problem-text.ts'
import { useWords } from './words.ts'

type Fields = Readonly<Record<string, Field<never>>>
type ValuesOf<F> = { [Name in keyof F]: F[Name] extends Field<infer Value> ? Value : never }

export function ApiForm<
  F extends {
    readonly [Name in keyof F]:
      | Field<never>
      | Field<string>
      | Field<number | ''>
      | Field<string | null>
      | Field<string[]>
      | Field<boolean>
  },
  Answer,
>({
  fields,
  submit,
  send,
  onDone,
  done,
  onCancel,
  clears = false,
  isFocused = false,
  onChange,
  children,
}: {
  /** In the order in which they are shown. */
  readonly fields: F
  /** The button. */
  readonly submit: string
  readonly send: (values: ValuesOf<F>) => Promise<Answer>
  readonly onDone?: (answer: Answer) => unknown
  /** What is said when it is done. */
  readonly done?: string
  readonly onCancel?: () => void
  /** Starts anew after it was sent, for the next one. */
  readonly clears?: boolean
  /** The first field that is still empty has the cursor: for a screen that is nothing but this form. */
  readonly isFocused?: boolean
  /** What is typed, for whoever wants it before it is sent. */
  readonly onChange?: (values: ValuesOf<F>) => void
  /** Between the fields and the button. */
  readonly children?: ReactNode
}) {
  const words = useWords(frameWords)
  const problemText = useProblemText()
  const [failure, setFailure] = useState<string | null>(null)
  const entries = Object.entries(fields as unknown as Fields)
  const place = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (isFocused) focusEmpty(place.current)
  }, [isFocused])
  const form = useForm<Record<string, unknown>>({
    mode: 'uncontrolled',
    onValuesChange: (values) => onChange?.(values as ValuesOf<F>),
    initialValues: Object.fromEntries(entries.map(([name, { initial }]) => [name, initial])),
    validate: (values) =>
      Object.fromEntries(
        entries
          .filter(([name, { required }]) => required && isMissing(values[name]))
          .map(([name]) => [name, words.required]),
      ),
  })

  async function act(values: Record<string, unknown>) {
    setFailure(null)
    try {
      const answer = await send(values as ValuesOf<F>)
      if (clears) form.reset()
      form.resetDirty()
      if (done) void notify({ message: done, color: 'teal' })
      await onDone?.(answer)
    } catch (error) {
      const said = error instanceof Problem ? errorsByField(error, Object.keys(fields)) : {}
      form.setErrors(said)
      focusFirst(said)
      if (Object.keys(said).length === 0) setFailure(problemText(error))
    }
  }

  return (
    <Box component="form" ref={place} onSubmit={form.onSubmit(act)} noValidate maw="40rem" w="100%">
      <Stack>
        {failure && (
          <Alert color="red" role="alert">
            {failure}
          </Alert>
        )}
        {entries.map(([name, field]) => (
          <Fragment key={form.key(name)}>
            {field.show({ ...form.getInputProps(name, { type: field.kind }), name })}
          </Fragment>
        ))}
        {children}
        <Group justify="flex-end">
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              {words.cancel}
            </Button>
          )}
          <Button type="submit" loading={form.submitting}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </Box>
  )
}

const isMissing = (value: unknown) =>
  value === '' ||
  value === null ||
  value === undefined ||
  (Array.isArray(value) && value.length === 0)

/** `/scopes/0` belongs to the field `scopes`. What belongs to no field here is said above. */
function errorsByField(problem: Problem, names: readonly string[]): Record<string, string> {
  const { errors } = problem
  const found = errors.flatMap(({ pointer, message }) => {
    const name = pointer.split('/')[1] ?? ''
    return names.includes(name) ? [[name, fieldText(problem, message)] as const] : []
  })
  return found.length === errors.length ? Object.fromEntries(found) : {}
}

function focusFirst(said: Readonly<Record<string, string>>): void {
  const [name] = Object.keys(said)
  if (name) document.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`)?.focus()
}

function focusEmpty(form: HTMLFormElement | null): void {
  const inputs = [...(form?.querySelectorAll<HTMLInputElement>('input, textarea') ?? [])]
  inputs.find(({ value }) => value === '')?.focus()
}

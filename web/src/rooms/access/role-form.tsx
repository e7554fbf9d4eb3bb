/** What a role permits, to fill in: for a new one and for one that is there. */
import * as access from '@ashlar/sdk/access'
import { useRead } from '../../frame/api.ts'
import { type Field, longText, text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { Refusal } from '../../frame/problem-text.ts'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { permissionsField } from './permission-picker.tsx'
import { type Rule, isWhole, parseRules } from './rules.ts'
import { accessWords } from './words.ts'

export type Wanted = {
  readonly name: string
  readonly description: string
  readonly rules: Rule[]
}

export function RoleForm({
  initial = { name: '', description: '', rules: [] },
  submit,
  done,
  send,
  onDone,
}: {
  /** Its name, when it has one, stays. */
  readonly initial?: Wanted
  readonly submit: string
  readonly done: string
  readonly send: (wanted: Wanted) => Promise<unknown>
  readonly onDone: (name: string) => unknown
}) {
  const words = useWords(accessWords)
  const permissions = useRead(access.listPermissions)
  const limited = initial.rules.filter((rule) => !isWhole(rule))
  const whole = initial.rules.filter(isWhole).map(({ permission }) => permission)
  const name = text({ label: words.name, hint: words.nameHint, required: true, maxLength: 40 })
  const fields = {
    description: longText({
      label: words.description,
      initial: initial.description,
      maxLength: 500,
    }),
    limited: longText({
      label: words.limited,
      hint: words.limitedHint,
      initial: limited.length === 0 ? '' : JSON.stringify(limited, null, 2),
    }),
  }

  async function act(
    given: { name?: string; description: string; limited: string },
    chosen: string[],
  ) {
    const conditional = parseRules(given.limited)
    if (conditional === null) throw new Refusal(words.limitedWrong)
    const rules = [...chosen.map((permission) => ({ permission })), ...conditional]
    const wanted = { name: given.name ?? initial.name, description: given.description, rules }
    await send(wanted)
    return wanted.name
  }

  return (
    <Shown of={permissions} lines={12}>
      {(all) => {
        const picked: Field<string[]> = permissionsField(all, whole, words.permissions)
        const common = { submit, done, onDone }
        return initial.name === '' ? (
          <ApiForm
            {...common}
            fields={{
              name,
              description: fields.description,
              rules: picked,
              limited: fields.limited,
            }}
            send={({ rules, ...given }) => act(given, rules)}
          />
        ) : (
          <ApiForm
            {...common}
            fields={{ description: fields.description, rules: picked, limited: fields.limited }}
            send={({ rules, ...given }) => act(given, rules)}
          />
        )
      }}
    </Shown>
  )
}

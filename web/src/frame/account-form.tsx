/** Who somebody is, for a new account: their name if they like, their address, and a password. */
import { secret, text } from './fields.tsx'
import { ApiForm } from './form.tsx'
import { defineWords, useWords } from './words.ts'

export type NewAccount = {
  readonly email: string
  readonly password: string
  readonly name?: string
}

export function AccountForm<Made>({
  passwordHint,
  submit,
  send,
  onDone,
}: {
  /** What a password has to be here. */
  readonly passwordHint: string
  readonly submit: string
  readonly send: (account: NewAccount) => Promise<Made>
  readonly onDone: (made: Made) => unknown
}) {
  const words = useWords(accountWords)
  return (
    <ApiForm
      fields={{
        name: text({ label: words.name, maxLength: 100, autoComplete: 'name' }),
        email: text({
          label: words.email,
          type: 'email',
          required: true,
          maxLength: 320,
          autoComplete: 'username',
        }),
        password: secret({
          label: words.password,
          hint: passwordHint,
          required: true,
          autoComplete: 'new-password',
        }),
      }}
      isFocused
      submit={submit}
      send={({ name, email, password }) =>
        send({ email, password, ...(name.trim() && { name: name.trim() }) })
      }
      onDone={onDone}
    />
  )
}

const accountWords = defineWords(
  {
    name: 'Name',
    email: 'E-mail address',
    password: 'Password',
  },
  {
    name: 'Name',
    email: 'E-Mail-Adresse',
    password: 'Passwort',
  },
)

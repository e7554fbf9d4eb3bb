/** Making an API key: what for, how far, for how long. */
import * as auth from '@ashlar/sdk/auth'
import { call, useRead } from '../../frame/api.ts'
import { choice, choices, number, text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { apiKeysWords } from './api-keys-words.ts'

const dayMs = 86_400_000
const forever = 'forever'
/** Days a key may be made for. */
const terms = ['30', '90', '365', forever] as const
const usualTerm = '90'

type OnMade = { readonly onMade: (key: string) => unknown }

export function MakeKey({ onMade }: OnMade) {
  return (
    <Shown of={useRead(auth.listApiKeyScopes)} lines={8}>
      {(scopes) => <Form scopes={scopes} onMade={onMade} />}
    </Shown>
  )
}

function Form({ scopes: offered, onMade }: OnMade & { readonly scopes: readonly string[] }) {
  const words = useWords(apiKeysWords)
  const termName = (term: (typeof terms)[number]) => {
    if (term === forever) return words.forever
    return term === '365' ? words.year : fill(words.days, { count: term })
  }
  return (
    <ApiForm
      fields={{
        name: text({
          label: words.name,
          hint: words.nameHint,
          required: true,
          maxLength: 100,
          autoComplete: 'off',
        }),
        scopes: choices({
          label: words.scopes,
          hint: words.scopesHint,
          options: offered.map((value) => ({ value, label: value })),
        }),
        term: choice({
          label: words.expires,
          required: true,
          initial: usualTerm,
          options: terms.map((term) => ({ value: term, label: termName(term) })),
        }),
        requestsPerMinute: number({ label: words.perMinute, hint: words.perMinuteHint, min: 1 }),
      }}
      submit={words.make}
      send={({ name, scopes, term, requestsPerMinute }) =>
        call(auth.createApiKey, {
          body: {
            name,
            ...(scopes.length > 0 && { scopes }),
            ...(term !== null && term !== forever && { expiresAt: inDays(Number(term)) }),
            ...(requestsPerMinute !== '' && { requestsPerMinute }),
          },
        })
      }
      onDone={({ key }) => onMade(key)}
    />
  )
}

const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString()

/** Making a token for a program. */
import * as admin from '@ashlar/sdk/admin'
import { useState } from 'react'
import { call, changed } from '../../frame/api.ts'
import { choices, number, text, toggle } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { GoButton } from '../../frame/go.tsx'
import { Screen, Section } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { type NewToken, ShownOnce } from './shown-once.tsx'
import { useScopes } from './token-scopes.ts'
import { adminWords } from './words.ts'

export default function NewServiceTokenScreen() {
  const words = useWords(adminWords)
  const [made, setMade] = useState<NewToken | null>(null)
  return (
    <Screen
      title={words.create}
      lead={words.createLead}
      trail={[{ title: words.tokens, to: '/admin/service-tokens' }]}
    >
      {made === null ? (
        <Section title={words.create}>
          <TokenForm onMade={setMade} />
        </Section>
      ) : (
        <>
          <ShownOnce of={made} />
          <div>
            <GoButton to="/admin/service-tokens">{words.back}</GoButton>
          </div>
        </>
      )}
    </Screen>
  )
}

function TokenForm({ onMade }: { readonly onMade: (made: NewToken) => void }) {
  const words = useWords(adminWords)
  const { permissions, names, isScope } = useScopes()
  const options = names.map((scope) => ({ value: scope, label: scope }))
  return (
    <Shown of={permissions} lines={8}>
      {() => (
        <ApiForm
          fields={{
            name: text({ label: words.name, hint: words.nameHint, required: true, maxLength: 100 }),
            scopes: choices({
              label: words.scopes,
              hint: words.scopesHint,
              required: true,
              options,
            }),
            readOnly: toggle({ label: words.readOnly, hint: words.readOnlyHint, initial: true }),
            expiresAt: text({ label: words.expiresAt, hint: words.expiresHint, type: 'date' }),
            requestsPerMinute: number({ label: words.rate, hint: words.rateHint, min: 1 }),
          }}
          submit={words.create}
          send={({ name, scopes: chosen, readOnly, expiresAt, requestsPerMinute }) =>
            call(admin.createServiceToken, {
              body: {
                name,
                scopes: chosen.filter(isScope),
                readOnly,
                ...(expiresAt && { expiresAt: new Date(expiresAt).toISOString() }),
                ...(requestsPerMinute !== '' && { requestsPerMinute }),
              },
            })
          }
          onDone={async (token) => {
            await changed('admin/service-tokens')
            onMade(token)
          }}
        />
      )}
    </Shown>
  )
}

/** What is said to the bank: evidence, or that it is right. Both are for good. */
import * as disputes from '@ashlar/sdk/disputes'
import { Text } from '@mantine/core'
import { Action } from '../../frame/action.tsx'
import { call, changed } from '../../frame/api.ts'
import { consent, longText } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { useFormat } from '../../frame/format.ts'
import { useOneKey } from '../../frame/one-key.ts'
import { Section } from '../../frame/screen.tsx'
import { fill, useWords } from '../../frame/words.ts'
import type { Dispute } from './dispute.ts'
import { disputesWords } from './words.ts'

type Of = { readonly of: Dispute }
const renew = () => changed('disputes', 'payments', 'ledger')

export function AnswerPart({ of: { id } }: Of) {
  const words = useWords(disputesWords)
  const once = useOneKey()
  return (
    <Section title={words.answer}>
      <Text size="sm">{words.answerLead}</Text>
      <ApiForm
        fields={{
          text: longText({
            label: words.evidence,
            hint: words.evidenceHint,
            required: true,
            maxLength,
          }),
          isFinal: consent({ label: words.isFinal, required: true }),
        }}
        submit={words.send}
        done={words.sent}
        send={({ text }) =>
          once({ text }, (idempotencyKey) =>
            call(disputes.sendEvidence, { path: { id }, body: { text }, idempotencyKey }),
          )
        }
        onDone={renew}
      />
    </Section>
  )
}

const maxLength = 20_000

export function AcceptButton({ of: { id, claims } }: Of) {
  const words = useWords(disputesWords)
  const format = useFormat()
  const once = useOneKey()
  return (
    <Action
      label={words.accept}
      consequence={fill(words.acceptConsequence, { amount: format.money(claims) })}
      isDangerous
      run={async () => {
        await once({ id }, (idempotencyKey) =>
          call(disputes.accept, { path: { id }, idempotencyKey }),
        )
        await renew()
      }}
      done={words.accepted}
    />
  )
}

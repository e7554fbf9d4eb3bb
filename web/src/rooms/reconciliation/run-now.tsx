/** Asking for a comparison now. */
import * as reconciliation from '@ashlar/sdk/reconciliation'
import { useNavigate } from '@tanstack/react-router'
import { call, changed } from '../../frame/api.ts'
import { choice, toggle } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useOneKey } from '../../frame/one-key.ts'
import { useWords } from '../../frame/words.ts'
import { reconciliationWords } from './words.ts'

const spans = ['24h', '72h', '35d', 'full'] as const

export function RunNow() {
  const words = useWords(reconciliationWords)
  const navigate = useNavigate()
  const once = useOneKey()
  return (
    <FormDialog label={words.runNow} consequence={words.runConsequence}>
      {(close) => (
        <ApiForm
          fields={{
            span: choice({
              label: words.span,
              required: true,
              initial: '24h',
              options: spans.map((value) => ({ value, label: words[`span_${value}`] })),
            }),
            isDryRun: toggle({ label: words.dryRun, hint: words.dryRunHint }),
          }}
          submit={words.run}
          send={({ span: chosen, isDryRun }) => {
            const body = { span: spans.find((each) => each === chosen) ?? '24h', isDryRun }
            return once(body, (idempotencyKey) =>
              call(reconciliation.run, { body, idempotencyKey }),
            )
          }}
          onDone={async ({ id }) => {
            close()
            await changed('reconciliation')
            await navigate({ to: `/admin/reconciliation/runs/${id}` })
          }}
        />
      )}
    </FormDialog>
  )
}

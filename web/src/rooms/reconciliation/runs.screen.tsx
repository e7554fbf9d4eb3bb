/** Comparisons with the payment provider, the newest first, and whether money may leave. */
import * as reconciliation from '@ashlar/sdk/reconciliation'
import { GoButton } from '../../frame/go.tsx'
import { useFormat } from '../../frame/format.ts'
import { List } from '../../frame/list-screen.tsx'
import { Screen, When } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { useWords } from '../../frame/words.ts'
import { Releases } from './releases.tsx'
import { RunNow } from './run-now.tsx'
import { RunState, runStates } from './states.tsx'
import { reconciliationWords } from './words.ts'

export default function RunsScreen() {
  const words = useWords(reconciliationWords)
  const format = useFormat()
  const may = useMay()
  return (
    <Screen
      title={words.reconciliation}
      lead={words.lead}
      actions={
        <>
          <GoButton to="/admin/reconciliation/drifts" search={{ state: 'open' }} variant="default">
            {words.drifts}
          </GoButton>
          {may('reconciliation.run') && <RunNow />}
        </>
      }
    >
      <Releases />
      <List
        name="reconciliation-runs"
        operation={reconciliation.listRuns}
        rowId={({ id }) => id}
        to={({ id }) => `/admin/reconciliation/runs/${id}`}
        empty={words.runsEmpty}
        refreshMs={5_000}
        filters={[
          {
            name: 'state',
            kind: 'choice',
            label: words.state,
            options: runStates.map((value) => ({ value, label: words[`run_${value}`] })),
          },
        ]}
        columns={[
          {
            id: 'createdAt',
            title: words.asked,
            show: ({ createdAt }) => format.time(createdAt),
          },
          { id: 'state', title: words.state, show: ({ state }) => <RunState state={state} /> },
          { id: 'span', title: words.span, show: ({ span }) => words[`span_${span}`] },
          { id: 'trigger', title: words.by, show: ({ trigger }) => words[`trigger_${trigger}`] },
          {
            id: 'open',
            title: words.outcome_open,
            align: 'right',
            show: ({ outcomes }) => format.number(outcomes.open ?? 0),
            text: ({ outcomes }) => String(outcomes.open ?? 0),
          },
          {
            id: 'healed',
            title: words.outcome_healed,
            align: 'right',
            show: ({ outcomes }) => format.number(outcomes.healed ?? 0),
            text: ({ outcomes }) => String(outcomes.healed ?? 0),
          },
          { id: 'endedAt', title: words.ended, show: ({ endedAt }) => <When at={endedAt} /> },
        ]}
      />
    </Screen>
  )
}

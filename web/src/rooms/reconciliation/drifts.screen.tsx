/** What is different between the provider and us. */
import * as reconciliation from '@ashlar/sdk/reconciliation'
import { List } from '../../frame/list-screen.tsx'
import { Amount, Screen, When } from '../../frame/screen.tsx'
import { moneyText } from '../../frame/amounts.ts'
import { useWords } from '../../frame/words.ts'
import { useSaid } from './said.ts'
import { DriftState, Severity, classes, driftStates, severities } from './states.tsx'
import { reconciliationWords } from './words.ts'

export default function DriftsScreen() {
  const words = useWords(reconciliationWords)
  const said = useSaid()
  return (
    <Screen
      title={words.drifts}
      lead={words.driftsLead}
      trail={[{ title: words.reconciliation, to: '/admin/reconciliation' }]}
    >
      <List
        name="reconciliation-drifts"
        operation={reconciliation.listDrifts}
        rowId={({ id }) => id}
        to={({ id }) => `/admin/reconciliation/drifts/${id}`}
        empty={words.driftsEmpty}
        filters={[
          {
            name: 'state',
            kind: 'choice',
            label: words.state,
            options: driftStates.map((value) => ({ value, label: words[`drift_${value}`] })),
          },
          {
            name: 'class',
            kind: 'choice',
            label: words.class,
            options: classes.map((value) => ({ value, label: words[`class_${value}`] })),
          },
          {
            name: 'severity',
            kind: 'choice',
            label: words.severity,
            options: severities.map((value) => ({ value, label: words[value] })),
          },
        ]}
        columns={[
          {
            id: 'class',
            title: words.class,
            show: (drift) => words[`class_${drift.class}`],
            text: (drift) => drift.class,
          },
          { id: 'ref', title: words.what, show: ({ ref }) => ref },
          { id: 'state', title: words.state, show: ({ state }) => <DriftState state={state} /> },
          {
            id: 'severity',
            title: words.severity,
            show: ({ severity }) => <Severity of={severity} />,
          },
          {
            id: 'delta',
            title: words.delta,
            align: 'right',
            show: ({ delta, currency }) =>
              delta !== null && currency !== null && <Amount of={{ amount: delta, currency }} />,
            text: ({ delta, currency }) =>
              delta === null || currency === null ? '' : moneyText({ amount: delta, currency }),
          },
          {
            id: 'expected',
            title: words.expected,
            show: ({ expected }) => said(expected),
            isExtra: true,
          },
          { id: 'found', title: words.found, show: ({ found }) => said(found) },
          {
            id: 'firstSeenAt',
            title: words.firstSeen,
            show: ({ firstSeenAt }) => <When at={firstSeenAt} />,
          },
          {
            id: 'lastSeenAt',
            title: words.lastSeen,
            show: ({ lastSeenAt }) => <When at={lastSeenAt} />,
            isExtra: true,
          },
        ]}
      />
    </Screen>
  )
}

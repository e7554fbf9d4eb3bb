/** How runs, findings and differences look from outside. */
import { Type } from 'typebox'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { Currency } from '../../platform/money/index.ts'
import { driftClassNames } from './drift-classes.ts'
import {
  type Drift,
  type Finding,
  type Run,
  driftStates,
  outcomes,
  runStates,
  severities,
  spans,
  triggers,
} from './tables.ts'

export const Id = Type.String({ format: 'uuid' })
export const Span = choice(spans, 'How far back it looks.')
const Count = Type.Integer({ minimum: 0 })
const Amount = Type.String({
  pattern: '^-?[0-9]+$',
  description: 'A whole number of the smallest unit.',
})

export const RunView = Type.Object({
  id: Id,
  provider: choice(['stripe']),
  span: Span,
  trigger: choice(triggers),
  isDryRun: Type.Boolean(),
  state: choice(runStates, '`clean`: nothing is left that is different. `drift`: something is.'),
  since: Time,
  stage: Type.String({ description: 'Where it is; empty when it has been everywhere.' }),
  scanned: Type.Record(Type.String(), Count, { description: 'How many of what were looked at.' }),
  outcomes: Type.Partial(Type.Object(Object.fromEntries(outcomes.map((name) => [name, Count])))),
  balances: Type.Array(
    Type.Object({
      currency: Currency,
      provider: Amount,
      ledger: Amount,
      explained: Amount,
      unexplained: Amount,
    }),
  ),
  problem: nullable(
    Type.String({
      description: 'Why the last try failed; while it is not ended, it goes on by itself.',
    }),
  ),
  createdAt: Time,
  startedAt: nullable(Time),
  endedAt: nullable(Time),
})

const about = {
  id: Id,
  class: choice(driftClassNames),
  severity: choice(severities),
  kind: Type.String(),
  ref: Type.String({ description: 'What the provider calls it; else an invariant or a currency.' }),
  ourId: nullable(Type.String()),
  expected: Type.String(),
  found: Type.String(),
  delta: nullable(Amount),
  currency: nullable(Currency),
}
export const FindingView = Type.Object({ ...about, outcome: choice(outcomes), createdAt: Time })
export const DriftView = Type.Object({
  ...about,
  state: choice(driftStates),
  note: nullable(Type.String()),
  firstSeenAt: Time,
  lastSeenAt: Time,
  lastRunId: Id,
})
export const ReleasesView = Type.Object({
  isAllowed: Type.Boolean(),
  blocks: Type.Array(
    Type.Object({
      by: choice(['ledger', 'drift']),
      class: Type.String(),
      ref: Type.String(),
      driftId: nullable(Id),
    }),
  ),
})

type Outcomes = Readonly<Partial<Record<Finding['outcome'], number>>>

export const presentRun = (run: Run, counts: Outcomes = {}) => ({
  id: run.id,
  provider: 'stripe' as const,
  span: run.span,
  trigger: run.trigger,
  isDryRun: run.isDryRun,
  state: run.state,
  since: run.since.toISOString(),
  stage: run.stage,
  scanned: { ...run.scanned },
  outcomes: counts,
  balances: [...run.balances],
  problem: run.problem,
  createdAt: run.createdAt.toISOString(),
  startedAt: run.startedAt?.toISOString() ?? null,
  endedAt: run.endedAt?.toISOString() ?? null,
})

export const presentFinding = (finding: Finding) => ({
  ...shared(finding),
  outcome: finding.outcome,
  createdAt: finding.createdAt.toISOString(),
})

export const presentDrift = (drift: Drift) => ({
  ...shared(drift),
  state: drift.state,
  note: drift.note,
  firstSeenAt: drift.firstSeenAt.toISOString(),
  lastSeenAt: drift.lastSeenAt.toISOString(),
  lastRunId: drift.lastRunId,
})

const shared = (given: Drift | Finding) => ({
  id: given.id,
  class: classIn(given.class),
  severity: given.severity,
  kind: given.kind,
  ref: given.ref,
  ourId: given.ourId,
  expected: given.expected,
  found: given.found,
  delta: given.delta?.toString() ?? null,
  currency: given.asset,
})

function classIn(name: string) {
  const found = driftClassNames.find((each) => each === name)
  if (!found) throw new Error(`there is no class ${name}`)
  return found
}

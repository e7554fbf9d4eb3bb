/** Runs, differences and how bad they are, in words. */
import type * as reconciliation from '@ashlar/sdk/reconciliation'
import { State, type Tone } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { reconciliationWords } from './words.ts'

export type Run = Awaited<ReturnType<typeof reconciliation.run>>
export type Drift = Awaited<ReturnType<typeof reconciliation.getDrift>>
export type Finding = Awaited<ReturnType<typeof reconciliation.getRun>>['findings'][number]

const ofRun = {
  waiting: 'busy',
  running: 'busy',
  clean: 'good',
  drift: 'bad',
  failed: 'bad',
  abandoned: 'calm',
} as const satisfies Readonly<Record<Run['state'], Tone>>
const ofDrift = {
  suspected: 'warn',
  open: 'bad',
  accepted: 'calm',
  gone: 'good',
} as const satisfies Readonly<Record<Drift['state'], Tone>>
const ofOutcome = {
  found: 'busy',
  healed: 'good',
  would_heal: 'warn',
  open: 'bad',
  suspected: 'warn',
  accepted: 'calm',
} as const satisfies Readonly<Record<Finding['outcome'], Tone>>
const ofSeverity = { warning: 'warn', critical: 'bad' } as const

export const classes = [
  'missing_here',
  'behind',
  'orphan',
  'missing_there',
  'amount_differs',
  'two_objects',
  'unposted',
  'posted_alone',
  'overdue',
  'lagging',
  'ledger_broken',
  'clearing_differs',
] as const satisfies readonly Drift['class'][]
export const runStates = Object.keys(ofRun) as readonly Run['state'][]
export const driftStates = Object.keys(ofDrift) as readonly Drift['state'][]
export const severities = ['warning', 'critical'] as const

export function RunState({ state }: { readonly state: Run['state'] }) {
  const words = useWords(reconciliationWords)
  return <State tone={ofRun[state]}>{words[`run_${state}`]}</State>
}

export function DriftState({ state }: { readonly state: Drift['state'] }) {
  const words = useWords(reconciliationWords)
  return <State tone={ofDrift[state]}>{words[`drift_${state}`]}</State>
}

export function Outcome({ of: outcome }: { readonly of: Finding['outcome'] }) {
  const words = useWords(reconciliationWords)
  return <State tone={ofOutcome[outcome]}>{words[`outcome_${outcome}`]}</State>
}

export function Severity({ of: severity }: { readonly of: Drift['severity'] }) {
  const words = useWords(reconciliationWords)
  return <State tone={ofSeverity[severity]}>{words[severity]}</State>
}

export const isUnderWay = ({ state }: Run): boolean => state === 'waiting' || state === 'running'

/** What can be different between a provider and us, how bad it is, and what is done about it. For people: docs/money.md. */
import type { ObjectRef } from '../inbox/index.ts'
import type { Asset } from '../../platform/money/index.ts'
import type { severities } from './tables.ts'

export type Severity = (typeof severities)[number]

type DriftClass = {
  readonly severity: Severity
  /** Seen twice, so long apart, before it is believed. */
  readonly looks: 'one' | 'two'
  readonly description: string
}

export const driftClasses = {
  missing_here: {
    severity: 'warning',
    looks: 'one',
    description: 'The provider has it, it is ours, and we do not know it.',
  },
  behind: {
    severity: 'warning',
    looks: 'one',
    description: 'The provider is further than our row says.',
  },
  orphan: {
    severity: 'critical',
    looks: 'one',
    description: 'The provider has it, and nobody here has asked for it.',
  },
  missing_there: {
    severity: 'critical',
    looks: 'two',
    description: 'We say that it was paid, and the provider says something else.',
  },
  amount_differs: {
    severity: 'critical',
    looks: 'one',
    description: 'The provider says another amount or currency.',
  },
  two_objects: {
    severity: 'critical',
    looks: 'one',
    description: 'Two objects of the provider took money for one payment.',
  },
  unposted: {
    severity: 'critical',
    looks: 'one',
    description: 'Money moved at the provider, and the ledger does not know.',
  },
  posted_alone: {
    severity: 'critical',
    looks: 'one',
    description: 'The ledger says that money moved, and nothing moved at the provider.',
  },
  overdue: {
    severity: 'warning',
    looks: 'one',
    description: 'Nobody knows whether it was done, and it is nobody’s turn any more.',
  },
  lagging: {
    severity: 'warning',
    looks: 'one',
    description: 'What is due is not being worked on: no worker runs, or not fast enough.',
  },
  ledger_broken: {
    severity: 'critical',
    looks: 'one',
    description: 'The ledger is not true to itself.',
  },
  clearing_differs: {
    severity: 'critical',
    looks: 'one',
    description:
      'The provider’s balance is not what our account of it says, and nothing explains it.',
  },
} as const satisfies Record<string, DriftClass>

export type DriftClassName = keyof typeof driftClasses
export const driftClassNames = Object.keys(driftClasses) as readonly DriftClassName[]

/** How long after the first look the second one counts. */
export const secondLookMs = 10 * 60 * 1000

/** One thing that is different, before anybody has done anything about it. */
export type Difference = {
  readonly class: DriftClassName
  readonly kind: string
  readonly ref: string
  readonly ourId: string | null
  readonly expected: string
  readonly found: string
  readonly asset: Asset | null
  readonly delta: bigint | null
  readonly objectAt: Date | null
  /** What to look at again; empty where that cannot help. */
  readonly heal: readonly ObjectRef[]
}

type Essential = Pick<Difference, 'class' | 'kind' | 'ref' | 'expected' | 'found'>

export const differenceOf = (given: Essential & Partial<Difference>): Difference => ({
  ourId: null,
  asset: null,
  delta: null,
  objectAt: null,
  heal: [],
  ...given,
})

export const keyOf = (given: Pick<Difference, 'kind' | 'ref'> & { readonly class: string }) =>
  `${given.class} ${given.kind} ${given.ref}`

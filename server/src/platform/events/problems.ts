/** What can be wrong with the log, and how each of it is told. */
import type { Seal } from './chain.ts'
import type { Head } from './heads.ts'

export type ProblemKind =
  | 'fact_changed'
  | 'fact_missing'
  | 'fact_inserted'
  | 'fact_moved'
  | 'fact_backdated'
  | 'details_changed'
  | 'details_missing'
  | 'seal_missing'
  | 'chain_cut_off'
  | 'head_contradicted'
  | 'head_unbelieved'
  | 'verdict_contradicted'

/** The first thing that is wrong. `number` counts in the chain, `eventId` is the fact's; null where none can be named. */
export type Problem = {
  readonly kind: ProblemKind
  readonly number: string | null
  readonly eventId: string | null
  readonly message: string
}

/** Where the chain ended when it was found whole: it has to lead there for ever. */
export type Witness = {
  readonly number: bigint
  readonly eventId: string
  readonly hash: Buffer
  readonly at: Date
}

/** Carries the first problem out of whatever depth it was found in. */
export class Parted extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.message)
    this.problem = problem
  }
}

export function fail(problem: Problem): never {
  throw new Parted(problem)
}

export const sealMissing = (number: bigint, eventId: string | null): Problem => ({
  kind: 'seal_missing',
  number: number.toString(),
  eventId,
  message: `seal ${number}${eventId === null ? '' : ` of fact ${eventId}`} is missing`,
})

/** A seal, as far as it is told of. */
type SealRow = { readonly number: bigint; readonly eventId: string }

export const missing = ({ number, eventId }: SealRow): Problem => ({
  kind: 'fact_missing',
  number: number.toString(),
  eventId,
  message: `fact ${eventId} (seal ${number}) is missing`,
})

export const inserted = (eventId: string, where: string): Problem => ({
  kind: 'fact_inserted',
  number: null,
  eventId,
  message: `fact ${eventId} was inserted: it stands ${where} and was never sealed`,
})

export const detailsChanged = (eventId: string): Problem => ({
  kind: 'details_changed',
  number: null,
  eventId,
  message: `the details of fact ${eventId} are not those it was recorded with`,
})

export const detailsMissing = (eventId: string): Problem => ({
  kind: 'details_missing',
  number: null,
  eventId,
  message: `the details of fact ${eventId} are missing, and neither an erasure nor their age says why`,
})

export const moved = (eventId: string, number: bigint): Problem => ({
  kind: 'fact_moved',
  number: number.toString(),
  eventId,
  message: `fact ${eventId} is not where it was when it was sealed: the order breaks at seal ${number}`,
})

export const changed = ({ number, eventId }: SealRow): Problem => ({
  kind: 'fact_changed',
  number: number.toString(),
  eventId,
  message: `fact ${eventId} (seal ${number}) was changed`,
})

export const cutOff = ({ seal, at }: Head, end: Seal): Problem => ({
  kind: 'chain_cut_off',
  number: (end.number + 1n).toString(),
  eventId: seal.place.id,
  message: `the chain ends at seal ${end.number}: seal ${end.number + 1n} is missing; the head signed at ${at.toISOString()} says that it had come to seal ${seal.number}, fact ${seal.place.id}`,
})

export const cutOffSince = ({ number, eventId, at }: Witness, end: bigint): Problem => ({
  kind: 'chain_cut_off',
  number: (end + 1n).toString(),
  eventId,
  message: `the chain ends at seal ${end}: seal ${end + 1n} is missing; the verification of ${at.toISOString()} found it whole up to seal ${number}, fact ${eventId}`,
})

export const contradictsWitness = ({ number, eventId, at }: Witness): Problem => ({
  kind: 'verdict_contradicted',
  number: number.toString(),
  eventId,
  message: `the verification of ${at.toISOString()} found seal ${number} to be for fact ${eventId}, with another hash: the chain was made anew up to there`,
})

export const unbelieved = (name: string, number: bigint | null): Problem => ({
  kind: 'head_unbelieved',
  number: number?.toString() ?? null,
  eventId: null,
  message: `${name}${number === null ? '' : ` of seal ${number}`} is not signed by a key of this installation`,
})

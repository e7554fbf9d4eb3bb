/** What a provider can be asked about many things at once: lists of what it has, what moved money, what it has told. */
import type { Money } from '../money/index.ts'
import type { DisputeStatus } from './dispute-provider.ts'
import type { CollectionStatus } from './provider.ts'
import type { Notice } from './stripe-notice.ts'

/** What may move money. */
export const sightingKinds = ['payment_intent', 'charge', 'refund', 'dispute'] as const
export type SightingKind = (typeof sightingKinds)[number]

/** `open`: may still come to something. `done`: money moved, or will. `ended`: nothing came of it, and nothing will. */
export type SightingPhase = 'open' | 'done' | 'ended'

/** Something the provider has, as it was when it was listed. */
export type Sighting = {
  readonly kind: SightingKind
  readonly ref: string
  /** What it belongs to: a charge to its payment, a refund or a dispute to its payment or charge. */
  readonly parentRef: string | null
  readonly createdAt: Date
  readonly phase: SightingPhase
  /** How far it is while it is open, as a snapshot of it says; null where nothing more is to be known. */
  readonly stage: CollectionStatus | DisputeStatus | null
  readonly price: Money
  /** Whether the provider's balance knows of it yet. */
  readonly isSettled: boolean
  /** Ours, as we gave it; anybody with access to the dashboard may have written it. */
  readonly metadata: Readonly<Record<string, string>>
}

/** One change of the provider's balance. It stays as it is. */
export type Movement = {
  readonly ref: string
  /** In the provider's words: `charge`, `refund`, `payout`, `stripe_fee` … */
  readonly type: string
  /** What moved it: a charge, a refund, a dispute, a payout; null for what is nobody's. */
  readonly sourceRef: string | null
  /** What its source belongs to, as for a sighting. */
  readonly parentRef: string | null
  /** What it added to the balance, after fees; below zero where it took. */
  readonly net: Money
  readonly createdAt: Date
}

/** A movement in a currency that we do not know, in the provider's words. */
export type StrangeMovement = Pick<Movement, 'ref' | 'type' | 'createdAt'> & {
  readonly net: string
}

/** A page with where the next one begins; null after the last. */
export type Listed<T> = { readonly items: readonly T[]; readonly next: string | null }
export type ListedSince = {
  readonly since: Date
  /** Where the page begins, as an earlier one said; null for the first. */
  readonly after: string | null
}

/** An event as a webhook would have brought it. */
export type ListedNotice = { readonly raw: Buffer; readonly notice: Notice }

/**
 * Newest first, so that what is added meanwhile moves no page. What is in a currency that we do not know is left out, but for
 * its movements. @throws Error when the provider cannot say
 */
export type ProviderListing = {
  list(kind: SightingKind, from: ListedSince): Promise<Listed<Sighting>>
  listMovements(
    from: ListedSince,
  ): Promise<Listed<Movement> & { readonly strange: readonly StrangeMovement[] }>
  /** Everything that one source ever moved. */
  movementsOf(sourceRef: string): Promise<readonly Movement[]>
  /** Null when there is none. */
  find(kind: SightingKind, ref: string): Promise<Sighting | null>
  findMovement(ref: string): Promise<Movement | null>
  /**
   * What the provider owes us by now, available or not, by currency, and the newest movement that is in it. Null when money
   * moved at every look.
   */
  readBalance(): Promise<{
    readonly total: readonly Money[]
    readonly newest: string | null
  } | null>
  /** What was told about these kinds of objects, or could not be. The provider keeps thirty days. */
  listNotices(
    from: ListedSince & { readonly about: 'undelivered' | { readonly kind: string } },
  ): Promise<Listed<ListedNotice>>
}

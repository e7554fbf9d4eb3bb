/** What a room adds to the story of an id: moments that are neither facts nor jobs, and other ids of the same thing. */
import type { ReadCtx } from './context.ts'

export type TraceMoment = {
  readonly at: Date
  readonly source: 'attempt' | 'event' | 'request'
  readonly name: string
  /** What the provider calls what it is about; of a request, who made it. */
  readonly ref: string | null
  readonly data: Readonly<Record<string, unknown>>
}

export type Traced = {
  readonly moments: readonly TraceMoment[]
  /** By which other rooms, and the log, may know it. */
  readonly related: readonly string[]
  /** In which requests mails about it were wanted, for who has no account that would lead to them. */
  readonly mailedIn?: readonly string[]
}

export type TraceSource = {
  /** What an id of this room's is. */
  readonly kind: 'payment' | 'event' | 'request' | 'invitation'
  /** Without it the reader does not see this room's part. */
  readonly permission: string
  /** What there is of any of these ids, which may be anybody's. */
  find(ctx: ReadCtx, ids: readonly string[]): Promise<Traced>
  /** The ids of what belongs to an address that has no account, newest first. */
  findByAddress?(ctx: ReadCtx, email: string): Promise<readonly string[]>
}

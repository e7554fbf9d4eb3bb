/** Traces: from one id to everything that happened around it, in order. */
import { type SQL, and, eq, inArray, like } from 'drizzle-orm'
import type { Ctx, ReadCtx } from '../../platform/context.ts'
import type { JobView } from '../../platform/jobs/index.ts'
import type { TraceMoment, TraceSource } from '../../platform/trace-source.ts'
import { findCanonicalEmail, findUserByEmail } from '../users/index.ts'
import { events } from '../../platform/tables.ts'
import { errors } from './errors.ts'
import { addressLookedUp } from './events.ts'
import { type FactRow, listNewestFacts } from './facts.ts'

/** Jobs are known to the process, not to the context. */
export type TraceDeps = {
  readonly findJobs: (id: string) => Promise<readonly JobView[]>
  /** What rooms add that is neither a fact nor a job. */
  readonly traced: readonly TraceSource[]
}

/** What an id turned out to be. */
export const traceKinds = [
  'request',
  'user',
  'job',
  'entry',
  'payment',
  'event',
  'invitation',
  'other',
] as const
export type TraceKind = (typeof traceKinds)[number]

export type Step =
  | { readonly kind: 'fact' | 'mail'; readonly at: Date; readonly fact: FactRow }
  | { readonly kind: 'job'; readonly at: Date; readonly job: JobView }
  | { readonly kind: TraceMoment['source']; readonly at: Date; readonly moment: TraceMoment }

export type Trace = {
  readonly kind: TraceKind
  readonly id: string
  readonly steps: readonly Step[]
  /** False when there is more than was read. */
  readonly isComplete: boolean
}

/** A screenful of screens; what a person has done in years is found with the filters of the log. */
const maxFacts = 500
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Follows the id of a request, a user, a job, an entry, a payment or an invitation, what a provider calls an event or what it is
 * about, or an e-mail address, which stands for its user, or for the invitations of who is none yet; that somebody was looked
 * up by their address is recorded. Throws `audit.nothing_found` (404).
 */
export async function traceOf(ctx: Ctx, deps: TraceDeps, given: string): Promise<Trace> {
  const sources = deps.traced.filter(({ permission }) => ctx.actor.can(permission))
  const asked = given.includes('@') ? await lookUp(ctx, sources, given) : [given]
  const id = asked[0] ?? given
  const jobs = await deps.findJobs(id)
  const own = jobs.find((job) => job.id === id)
  const told = await findTold(ctx, sources, asked)
  // A client names its requests as it likes: what it did under the name of a payment is no part of that one's story.
  const isRequest = !own && (told.kind === null || told.kind === 'request')
  const requestIds = [...(isRequest ? [id] : []), ...(own ? [own.origin.requestId] : [])]
  const facts = await findFacts(ctx, [
    ...told.ids.flatMap(placesOf),
    ...requestIds.map((requestId) => eq(events.requestId, requestId)),
    and(inArray(events.requestId, told.mailedIn), like(events.name, 'mail.%')),
  ])
  const entry = facts.find((fact) => fact.id === id)
  const around = entry ? await findFacts(ctx, [eq(events.requestId, entry.requestId)]) : []
  const found = distinct([...facts, ...around])
  const wanted = await Promise.all(told.mailedIn.map(deps.findJobs))
  if (found.length === 0 && jobs.length === 0 && told.moments.length === 0)
    throw errors.nothing_found()
  return {
    kind: told.kind ?? kindOf(id, { entry, own, facts: found, jobs }),
    id,
    steps: inOrder(found.slice(0, maxFacts), [...jobs, ...wanted.flat()], told.moments),
    isComplete: found.length <= maxFacts,
  }
}

async function lookUp(
  ctx: Ctx,
  sources: readonly TraceSource[],
  address: string,
): Promise<readonly string[]> {
  const email = findCanonicalEmail(address)
  const user = email === null ? null : await findUserByEmail(ctx, email)
  const found = user ? [user.id] : []
  if (email !== null && !user)
    for (const source of sources) found.push(...((await source.findByAddress?.(ctx, email)) ?? []))
  const isKnown = found.length > 0
  await ctx.tx((tx) => tx.record(addressLookedUp, found[0] ?? null, { isKnown }))
  if (!isKnown) throw errors.nothing_found()
  return found
}

/** From a payment to what was made for it, from there to what was told of that, and back. */
const rounds = 3
/** Ids of one thing; what has more is looked at in its own room. */
const maxIds = 50

/** What rooms know of ids that the reader may know, and what else they call them. */
async function findTold(ctx: ReadCtx, sources: readonly TraceSource[], given: readonly string[]) {
  const ids = new Set(given)
  const moments = new Map<string, TraceMoment>()
  const mailedIn = new Set<string>()
  let kind: TraceKind | null = null
  for (let round = 0; round < rounds; round += 1) {
    const before = ids.size
    for (const source of sources) {
      const found = await source.find(ctx, [...ids])
      if (ids.size === given.length && found.related.some((other) => given.includes(other)))
        kind ??= source.kind
      for (const moment of found.moments) moments.set(JSON.stringify(moment.data), moment)
      for (const request of found.mailedIn ?? []) mailedIn.add(request)
      for (const other of found.related) if (ids.size < maxIds) ids.add(other)
    }
    if (ids.size === before) break
  }
  const isRequest = kind === null || kind === 'request'
  const own = [...moments.values()].filter(({ source }) => isRequest || source !== 'request')
  return { kind, ids: [...ids], moments: own, mailedIn: [...mailedIn] }
}

/** Newest facts of each of these places, of which each has an index of its own. */
async function findFacts(ctx: ReadCtx, places: readonly (SQL | undefined)[]): Promise<FactRow[]> {
  const found: FactRow[] = []
  for (const which of places) found.push(...(await listNewestFacts(ctx, which, maxFacts + 1)))
  return distinct(found)
}

/** Where a fact carries the id of what it is about. */
function placesOf(id: string): SQL[] {
  return [
    eq(events.actorId, id),
    eq(events.subjectId, id),
    eq(events.onBehalfOf, id),
    ...(uuidPattern.test(id) ? [eq(events.id, id)] : []),
  ]
}

/** Each once, newest first. */
function distinct(facts: readonly FactRow[]): FactRow[] {
  const byId = new Map(facts.map((fact) => [fact.id, fact]))
  return [...byId.values()].toSorted((a, b) => (a.id < b.id ? 1 : -1))
}

function kindOf(
  id: string,
  found: {
    entry: FactRow | undefined
    own: JobView | undefined
    facts: readonly FactRow[]
    jobs: readonly JobView[]
  },
): TraceKind {
  const { entry, own, facts, jobs } = found
  if (own) return 'job'
  if (entry) return 'entry'
  const isActor = ({ actorKind, actorId, onBehalfOf }: FactRow) =>
    (actorKind === 'user' && actorId === id) || onBehalfOf === id
  const isAccount = ({ name, subjectId }: FactRow) => subjectId === id && name.startsWith('users.')
  if (facts.some((fact) => isActor(fact) || isAccount(fact))) return 'user'
  const isRequest =
    facts.some(({ requestId }) => requestId === id) ||
    jobs.some(({ origin }) => origin.requestId === id)
  return isRequest ? 'request' : 'other'
}

function inOrder(
  facts: readonly FactRow[],
  jobs: readonly JobView[],
  moments: readonly TraceMoment[],
): Step[] {
  const steps: Step[] = [
    ...facts.map((fact): Step => {
      const kind = fact.name.startsWith('mail.') ? 'mail' : 'fact'
      return { kind, at: fact.at, fact }
    }),
    ...jobs.map((job): Step => ({ kind: 'job', at: job.createdAt, job })),
    ...moments.map((moment): Step => ({ kind: moment.source, at: moment.at, moment })),
  ]
  return steps.toSorted((a, b) => a.at.getTime() - b.at.getTime() || placeOf(a) - placeOf(b))
}

/** Within one millisecond: what was asked for before what a provider tells of it. */
function placeOf({ kind }: Step): number {
  if (kind === 'attempt') return 0
  return kind === 'event' ? 2 : 1
}

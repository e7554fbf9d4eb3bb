/** Traces: from one id to everything that happened around it, in order. */
import { type SQL, eq } from 'drizzle-orm'
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
export const traceKinds = ['request', 'user', 'job', 'entry', 'payment', 'event', 'other'] as const
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
 * Follows the id of a request, a user, a job, an entry or a payment, what a provider calls an event or what it is about,
 * or an e-mail address, which stands for its user; that somebody was looked up by their address is recorded. Throws `audit.nothing_found` (404).
 */
export async function traceOf(ctx: Ctx, deps: TraceDeps, given: string): Promise<Trace> {
  const id = given.includes('@') ? await lookUp(ctx, given) : given
  const jobs = await deps.findJobs(id)
  const own = jobs.find((job) => job.id === id)
  const told = await findTold(ctx, deps.traced, id)
  const facts = await findFacts(ctx, [...told.ids, ...(own ? [own.origin.requestId] : [])])
  const entry = facts.find((fact) => fact.id === id)
  const around = entry ? await findFacts(ctx, [entry.requestId]) : []
  const found = distinct([...facts, ...around])
  if (found.length === 0 && jobs.length === 0 && told.moments.length === 0)
    throw errors.nothing_found()
  return {
    kind: told.kind ?? kindOf(id, { entry, own, facts: found, jobs }),
    id,
    steps: inOrder(found.slice(0, maxFacts), jobs, told.moments),
    isComplete: found.length <= maxFacts,
  }
}

async function lookUp(ctx: Ctx, address: string): Promise<string> {
  const email = findCanonicalEmail(address)
  const user = email === null ? null : await findUserByEmail(ctx, email)
  await ctx.tx((tx) => tx.record(addressLookedUp, user?.id ?? null, { isKnown: user !== null }))
  if (!user) throw errors.nothing_found()
  return user.id
}

/** From a payment to what was made for it, from there to what was told of that, and back. */
const rounds = 3
/** Ids of one thing; what has more is looked at in its own room. */
const maxIds = 50

/** What rooms know of an id that the reader may know, and what else they call it. */
async function findTold(ctx: ReadCtx, sources: readonly TraceSource[], id: string) {
  const visible = sources.filter(({ permission }) => ctx.actor.can(permission))
  const ids = new Set([id])
  const moments = new Map<string, TraceMoment>()
  let kind: TraceKind | null = null
  for (let round = 0; round < rounds; round += 1) {
    const before = ids.size
    for (const source of visible) {
      const found = await source.find(ctx, [...ids])
      if (ids.size === 1 && found.related.includes(id)) kind ??= source.kind
      for (const moment of found.moments) moments.set(JSON.stringify(moment.data), moment)
      for (const other of found.related) if (ids.size < maxIds) ids.add(other)
    }
    if (ids.size === before) break
  }
  return { kind, ids: [...ids], moments: [...moments.values()] }
}

/** Newest facts that carry one of these ids anywhere; each place has an index of its own. */
async function findFacts(ctx: ReadCtx, ids: readonly string[]): Promise<FactRow[]> {
  const found: FactRow[] = []
  for (const id of ids)
    for (const which of placesOf(id))
      found.push(...(await listNewestFacts(ctx, which, maxFacts + 1)))
  return distinct(found)
}

function placesOf(id: string): (SQL | undefined)[] {
  return [
    eq(events.requestId, id),
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
  const isRequest =
    facts.some(({ requestId }) => requestId === id) ||
    jobs.some(({ origin }) => origin.requestId === id)
  if (isRequest) return 'request'
  const isActor = ({ actorKind, actorId, onBehalfOf }: FactRow) =>
    (actorKind === 'user' && actorId === id) || onBehalfOf === id
  const isAccount = ({ name, subjectId }: FactRow) => subjectId === id && name.startsWith('users.')
  return facts.some((fact) => isActor(fact) || isAccount(fact)) ? 'user' : 'other'
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
  return steps.toSorted((a, b) => a.at.getTime() - b.at.getTime())
}

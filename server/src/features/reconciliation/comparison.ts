/** Comparing what a provider has with what rooms know of it, object by object. */
import type { ReadCtx } from '../../platform/context.ts'
import type { Money } from '../../platform/money/index.ts'
import type { Sighting } from '../../platform/payments/index.ts'
import type { ObjectRef } from '../inbox/index.ts'
import { type Difference, differenceOf } from './drift-classes.ts'
import type { Known, Source } from './sources.ts'

export const textOf = ({ amount, asset }: Money): string => `${amount} ${asset}`

export const objectOf = (provider: string, kind: string, objectId: string): ObjectRef => ({
  provider,
  account: '',
  kind,
  objectId,
})

/** What is different about these, all of one kind. */
export async function compareSightings(
  ctx: ReadCtx,
  sources: readonly Source[],
  provider: string,
  sightings: readonly Sighting[],
): Promise<readonly Difference[]> {
  const knowledge = await knowledgeOf(ctx, sources, sightings)
  return sightings.flatMap((sighting) => {
    const known = knowledge.find(sighting)
    if (!known) return unknownOne(provider, sighting, knowledge)
    return known === 'nobody asks' ? [] : knownOne(provider, sighting, known)
  })
}

type Knowledge = {
  /** `nobody asks`: there is no room for this kind, or another kind speaks for it. */
  find(sighting: Sighting): Known | 'nobody asks' | null
  findParent(sighting: Sighting): Known | null
  findNamed(sighting: Sighting): Known | null
  readonly hasRoom: boolean
}

/** A charge is its payment's: the room that knows the payment speaks for it. */
async function knowledgeOf(
  ctx: ReadCtx,
  sources: readonly Source[],
  sightings: readonly Sighting[],
): Promise<Knowledge> {
  const own = sources.find(({ kind }) => kind === sightings[0]?.kind)
  const byRef = new Map<string, Known>()
  const parents = new Map<string, Known>()
  const named = new Map<string, Known>()
  const parentRefs = sightings.flatMap(({ parentRef }) => (parentRef === null ? [] : [parentRef]))
  const refs = sightings.map(({ ref }) => ref)
  if (own) for (const [name, known] of await own.findByRefs(ctx, refs)) byRef.set(name, known)
  for (const source of sources) {
    if (source !== own)
      for (const [name, known] of await source.findByRefs(ctx, parentRefs)) parents.set(name, known)
    const ids = sightings.flatMap(({ metadata }) => metadata[source.metadataKey] ?? [])
    for (const [id, known] of await source.findByIds(ctx, ids))
      named.set(`${source.metadataKey} ${id}`, known)
  }
  const namedBy = (sighting: Sighting, source: Source) =>
    named.get(`${source.metadataKey} ${sighting.metadata[source.metadataKey] ?? ''}`) ?? null
  return {
    hasRoom: own !== undefined,
    find: (sighting) => {
      if (own) return byRef.get(sighting.ref) ?? namedBy(sighting, own)
      return parents.has(sighting.parentRef ?? '') ? 'nobody asks' : null
    },
    findParent: ({ parentRef }) => parents.get(parentRef ?? '') ?? null,
    findNamed: (sighting) =>
      sources.map((source) => namedBy(sighting, source)).find((each) => each !== null) ?? null,
  }
}

function unknownOne(
  provider: string,
  sighting: Sighting,
  knowledge: Knowledge,
): readonly Difference[] {
  const { kind, ref, phase, price, createdAt } = sighting
  const parent = knowledge.findParent(sighting)
  if (knowledge.hasRoom && parent)
    return [
      differenceOf({
        class: 'missing_here',
        kind,
        ref,
        ourId: parent.ourId,
        expected: textOf(price),
        found: 'nothing',
        objectAt: createdAt,
        heal: [objectOf(provider, kind, ref)],
      }),
    ]
  // A payment that was begun and not paid moved nothing; one that was paid is told by its charge.
  const isAtOdds = kind === 'dispute' ? phase !== 'ended' : phase === 'done'
  if (kind === 'payment_intent' || !isAtOdds) return []
  const named = knowledge.findNamed(sighting)
  // Its payment names one of ours: it is missing here, or one too many, which is told of the payment.
  if (named) return []
  return [
    differenceOf({
      class: 'orphan',
      kind,
      ref,
      expected: 'nothing',
      found: textOf(price),
      objectAt: createdAt,
    }),
  ]
}

/** Nothing has moved, and still people see something else than what is true. */
function stagesOf(
  about: Pick<Difference, 'kind' | 'ref' | 'ourId' | 'objectAt' | 'heal'>,
  { stage }: Sighting,
  known: Known,
): readonly Difference[] {
  if (stage === null || known.stage === null || stage === known.stage) return []
  return [differenceOf({ ...about, class: 'behind', expected: stage, found: known.stage })]
}

function knownOne(provider: string, sighting: Sighting, known: Known): readonly Difference[] {
  const { kind, ref, phase, price, createdAt } = sighting
  const { belongsTo } = known
  const about = {
    kind,
    ref,
    ourId: known.ourId,
    objectAt: createdAt,
    heal: [
      objectOf(provider, kind, ref),
      ...(belongsTo ? [objectOf(provider, belongsTo.kind, belongsTo.ref)] : []),
    ],
  }
  if (known.ref !== null && known.ref !== ref) {
    if (phase !== 'done') return []
    const found = `${textOf(price)} by ${ref}`
    const expected = `${textOf(known.price)} by ${known.ref}`
    // Its room may have a place for second money; then that is where it goes.
    return [differenceOf({ ...about, class: 'two_objects', expected, found })]
  }
  const isSamePrice = known.price.asset === price.asset && known.price.amount === price.amount
  if (!isSamePrice && phase !== 'ended') {
    const [expected, found] = [textOf(known.price), textOf(price)]
    return [differenceOf({ ...about, class: 'amount_differs', expected, found })]
  }
  if (known.ref === null)
    return [differenceOf({ ...about, class: 'missing_here', expected: phase, found: 'nothing' })]
  if (known.phase === 'open' && phase === 'open') return stagesOf(about, sighting, known)
  if (known.phase === phase || (known.phase === 'ended' && phase === 'open')) return []
  // We say that money moved. Whether it did is worth asking again before anybody says otherwise.
  const isTooFar = known.phase === 'done'
  return [
    differenceOf({
      ...about,
      class: isTooFar ? 'missing_there' : 'behind',
      expected: isTooFar ? known.phase : phase,
      found: isTooFar ? phase : known.phase,
    }),
  ]
}

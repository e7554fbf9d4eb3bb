/** HTTP: where providers tell us something, and where people see what became of it. */
import { Type } from 'typebox'
import { crashPoint } from '../../platform/crash-points.ts'
import { type App, dataOf, listOf, pageQuery, presentPage } from '../../platform/http/index.ts'
import { defaultLimit } from '../../platform/http/pagination.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import type { Applier } from './appliers.ts'
import { errors } from './errors.ts'
import {
  type ShownEvent,
  getEvent,
  listEvents,
  replayEvent,
  shownStates,
  sorting,
} from './inbox.ts'
import { takeStripeEvent } from './intake.ts'
import { ignoredFor, problems } from './tables.ts'

/** Stripe's own are a few kilobytes; an invoice with a hundred lines has about a hundred. */
const maxBodyBytes = 256 * 1024
const base = '/admin/inbox/events'
const Id = Type.String({ format: 'uuid' })
const Params = Type.Object({ id: Id })
const EventView = Type.Object({
  id: Id,
  provider: Type.String(),
  providerEventId: Type.String({ description: 'What the provider calls it.' }),
  account: Type.String({ description: 'The connected account that it is about; empty: our own.' }),
  type: Type.String(),
  kind: Type.String({ description: 'Of what it is about.' }),
  objectId: nullable(Type.String({ description: 'What it is about, as the provider calls it.' })),
  apiVersion: nullable(Type.String()),
  isLive: Type.Boolean(),
  state: choice(
    shownStates,
    '`waiting` for what it belongs to, `retrying` because the provider could not be asked, `dead`: given up.',
  ),
  ignoredFor: nullable(choice(ignoredFor)),
  object: nullable(
    Type.Object({
      attempts: Type.Integer(),
      problem: nullable(choice(problems)),
      detail: nullable(Type.String()),
      nextAt: nullable(Time),
    }),
  ),
  occurredAt: Time,
  receivedAt: Time,
  processedAt: nullable(Time),
})
const DetailView = Type.Object({
  ...EventView.properties,
  body: Type.String({ description: 'As it came: the bytes that were signed.' }),
})

export async function inboxRoutes(app: App, appliers: readonly Applier[]) {
  await app.register(async (raw) => {
    raw.removeAllContentTypeParsers()
    raw.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    raw.post('/webhooks/stripe', {
      bodyLimit: maxBodyBytes,
      config: {
        public: true,
        // Stripe sends in bursts and from few addresses: the general limit would hold back what is signed.
        isBare: true,
        idempotency: 'off',
        errors: [errors.not_signed, errors.not_an_event],
      },
      schema: {
        operationId: 'inbox.takeStripeEvent',
        summary: 'Where Stripe tells what has happened',
        description:
          'The bytes of the body must be signed in `Stripe-Signature`. 200 means that the event is stored; the same one again changes nothing.',
        response: { 200: Type.Object({ received: Type.Literal(true) }) },
      },
      onResponse: async () => crashPoint('inbox.after_ack'),
      handler: async (request) => {
        const { body, headers } = request
        const signature = headers['stripe-signature']
        await takeStripeEvent(
          request.ctx,
          {
            raw: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
            signature: typeof signature === 'string' ? signature : undefined,
          },
          appliers,
        )
        return { received: true as const }
      },
    })
  })

  app.get(base, {
    config: { can: 'inbox.read' },
    schema: {
      operationId: 'inbox.listEvents',
      summary: 'What providers have told us, newest first',
      querystring: Type.Object({
        ...pageQuery,
        sort: sorting.sort,
        provider: Type.Optional(choice(['stripe'])),
        type: Type.Optional(Type.String({ maxLength: 255 })),
        objectId: Type.Optional(Type.String({ maxLength: 255 })),
        state: Type.Optional(choice(shownStates)),
      }),
      response: { 200: listOf(EventView) },
    },
    handler: async (request, reply) => {
      const { limit = defaultLimit, ...filter } = request.query
      const page = await listEvents(request.ctx, { ...filter, limit })
      return presentPage(request, reply, page, present)
    },
  })

  app.get(`${base}/:id`, {
    config: { can: 'inbox.read', errors: [errors.event_not_found] },
    schema: {
      operationId: 'inbox.getEvent',
      summary: 'One event, with its body',
      params: Params,
      response: { 200: dataOf(DetailView) },
    },
    handler: async (request) => {
      const { raw, ...event } = await getEvent(request.ctx, request.params.id)
      return { data: { ...present(event), body: raw.toString('utf8') } }
    },
  })

  app.post(`${base}/:id/replay`, {
    config: {
      can: 'inbox.replay',
      errors: [errors.event_not_found, errors.event_without_object],
    },
    schema: {
      operationId: 'inbox.replayEvent',
      summary: 'Have the object of an event looked at again',
      description: 'Also of one that was given up. What is right already is not changed.',
      params: Params,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      await request.ctx.tx((tx) => replayEvent(tx, request.params.id))
      return reply.code(204).send(null)
    },
  })
}

const present = ({ object, ...event }: ShownEvent) => ({
  ...event,
  object: object && { ...object, nextAt: object.nextAt?.toISOString() ?? null },
  occurredAt: event.occurredAt.toISOString(),
  receivedAt: event.receivedAt.toISOString(),
  processedAt: event.processedAt?.toISOString() ?? null,
})

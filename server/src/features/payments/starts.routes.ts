/** HTTP: starting a payment, trying another way to pay it, and cancelling it. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { choice, nullable } from '../../platform/http/schemas.ts'
import { AssetCode, moneyErrors } from '../../platform/money/index.ts'
import type { Begun } from './attempts.ts'
import { cancelPayment } from './closing.ts'
import { errors } from './errors.ts'
import { pageWay } from './return-pages.ts'
import { PaymentView, present } from './routes.ts'
import { startAttempt, startPayment } from './starts.ts'
import { kinds } from './tables.ts'

const Params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const Price = {
  amount: Type.String({
    pattern: '^[1-9][0-9]{0,18}$',
    description: 'A whole number of the smallest unit: USD 10.99 is `1099`.',
  }),
  currency: AssetCode,
  description: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  reference: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'What you call it: of one name there is one payment, whatever key asks for it.',
    }),
  ),
}
const Address = (what: string) =>
  Type.Optional(
    Type.String({
      maxLength: 2_000,
      description: `Where the customer goes ${what}: a path of FRONTEND_URL, or an address of one of our origins. \`payment\` is added to it.`,
    }),
  )
const Addresses = {
  successUrl: Address('after paying'),
  cancelUrl: Address('when they change their mind'),
}
const ClientSecret = Type.String({
  description: 'Finishes the payment in the customer’s browser, with Stripe’s own library.',
})
const PageUrl = Type.String({ description: 'The provider’s page on which the customer pays.' })

const startErrors = [
  errors.not_configured,
  errors.refused_by_provider,
  errors.provider_unavailable,
  errors.attempt_over,
]
const newErrors = [
  ...startErrors,
  errors.reference_taken,
  moneyErrors.not_chargeable,
  moneyErrors.not_positive,
  moneyErrors.not_divisible,
  moneyErrors.above_maximum,
  moneyErrors.below_minimum,
]
const overErrors = [
  errors.payment_not_found,
  errors.already_paid,
  errors.payment_closed,
  errors.in_progress,
]

/** `allowedOrigins`: where a customer may be sent. */
export async function startRoutes(
  app: App,
  { allowedOrigins }: { readonly allowedOrigins: ReadonlySet<string> },
) {
  app.post('/payments/create-intent', {
    config: { can: 'payments.pay', idempotency: 'required', errors: newErrors },
    schema: {
      operationId: 'payments.createIntent',
      summary: 'Start a payment',
      description:
        'The answer’s `clientSecret` finishes it in the customer’s browser, with Stripe’s own library. That it was paid is known when its state is `held`.',
      body: Type.Object(Price),
      response: {
        201: dataOf(Type.Object({ payment: PaymentView, clientSecret: ClientSecret })),
      },
    },
    handler: async (request, reply) => {
      const { payment, begun } = await startPayment(request.ctx, request.body, { kind: 'intent' })
      return reply
        .code(201)
        .send({ data: { payment: present(payment), clientSecret: secretOf(begun) } })
    },
  })

  app.post('/checkout/sessions', {
    config: {
      can: 'payments.pay',
      idempotency: 'required',
      errors: [...newErrors, errors.address_not_allowed],
    },
    schema: {
      operationId: 'payments.createCheckoutSession',
      summary: 'Start a payment on the provider’s own page',
      description:
        'Send the customer to `url`. That they come back proves nothing: that it was paid is known when its state is `held`.',
      body: Type.Object({ ...Price, ...Addresses }),
      response: { 201: dataOf(Type.Object({ payment: PaymentView, url: PageUrl })) },
    },
    handler: async (request, reply) => {
      const way = pageWay(request.ctx.settings, allowedOrigins, request.body)
      const { payment, begun } = await startPayment(request.ctx, request.body, way)
      return reply.code(201).send({ data: { payment: present(payment), url: urlOf(begun) } })
    },
  })

  app.post('/payments/:id/attempts', {
    config: {
      can: 'payments.pay',
      idempotency: 'required',
      errors: [
        ...startErrors,
        ...overErrors,
        errors.other_attempt,
        errors.too_many_attempts,
        errors.address_not_allowed,
      ],
    },
    schema: {
      operationId: 'payments.startAttempt',
      summary: 'Another way to pay what is not paid yet',
      description:
        'The way before is closed at the provider first, so that nobody pays twice: its `clientSecret` or page leads to nothing any more.',
      params: Params,
      body: Type.Object({
        kind: choice(kinds, '`session`: on the provider’s page. `intent`: in a page of ours.'),
        ...Addresses,
      }),
      response: {
        201: dataOf(
          Type.Object({
            payment: PaymentView,
            clientSecret: nullable(ClientSecret),
            url: nullable(PageUrl),
          }),
        ),
      },
    },
    handler: async (request, reply) => {
      const { body, ctx, params } = request
      const { kind } = body
      const way = kind === 'intent' ? { kind } : pageWay(ctx.settings, allowedOrigins, body)
      const { payment, begun } = await startAttempt(ctx, params.id, way)
      const isPage = kind === 'session'
      return reply.code(201).send({
        data: {
          payment: present(payment),
          clientSecret: isPage ? null : secretOf(begun),
          url: isPage ? urlOf(begun) : null,
        },
      })
    },
  })

  app.post('/payments/:id/cancel', {
    config: {
      can: 'payments.pay',
      errors: [errors.not_configured, errors.provider_unavailable, ...overErrors],
    },
    schema: {
      operationId: 'payments.cancel',
      summary: 'Cancel a payment that is not paid',
      description:
        'It is cancelled when the provider says so. Money that came first wins: 409 `payments.already_paid`.',
      params: Params,
      response: { 200: dataOf(PaymentView) },
    },
    handler: async (request) => ({
      data: present(await cancelPayment(request.ctx, request.params.id)),
    }),
  })
}

function secretOf(begun: Begun): string {
  if ('clientSecret' in begun) return begun.clientSecret
  throw new Error('a page was begun instead of an intent')
}

function urlOf(begun: Begun): string {
  if ('url' in begun) return begun.url
  throw new Error('an intent was begun instead of a page')
}

/** HTTP: starting a payment, and seeing what became of it. */
import { Type } from 'typebox'
import { type App, dataOf, listOf, pageQuery, presentPage } from '../../platform/http/index.ts'
import { defaultLimit } from '../../platform/http/pagination.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import {
  AssetCode,
  MoneyView,
  money,
  moneyErrors,
  presentMoney,
} from '../../platform/money/index.ts'
import { errors } from './errors.ts'
import { getPayment, listPayments, priceOf, startPayment } from './payments.ts'
import { type Payment, states } from './tables.ts'

const Id = Type.String({ format: 'uuid' })
const PaymentView = Type.Object({
  id: Id,
  userId: Id,
  price: MoneyView,
  captured: MoneyView,
  refunded: MoneyView,
  refundPending: MoneyView,
  disputed: MoneyView,
  chargedBack: MoneyView,
  description: nullable(Type.String()),
  state: choice(
    states,
    '`held`: the money is here. `frozen`: a dispute claims some of it. `released`: it is with whoever earned it.',
  ),
  failure: nullable(Type.String({ description: 'Why the last try failed, as the provider says.' })),
  provider: choice(['stripe']),
  providerRef: nullable(Type.String({ description: 'What the provider calls it.' })),
  heldAt: nullable(Time),
  createdAt: Time,
})

export async function paymentRoutes(app: App) {
  app.post('/payments/create-intent', {
    config: {
      can: 'payments.pay',
      idempotency: 'required',
      errors: [
        errors.not_configured,
        errors.refused_by_provider,
        errors.provider_unavailable,
        moneyErrors.not_chargeable,
        moneyErrors.not_positive,
        moneyErrors.not_divisible,
        moneyErrors.above_maximum,
        moneyErrors.below_minimum,
      ],
    },
    schema: {
      operationId: 'payments.createIntent',
      summary: 'Start a payment',
      description:
        'The answer’s `clientSecret` finishes it in the customer’s browser, with Stripe’s own library. That it was paid is known when its state is `held`.',
      body: Type.Object({
        amount: Type.String({
          pattern: '^[1-9][0-9]{0,18}$',
          description: 'A whole number of the smallest unit: USD 10.99 is `1099`.',
        }),
        currency: AssetCode,
        description: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
      }),
      response: {
        201: dataOf(Type.Object({ payment: PaymentView, clientSecret: Type.String() })),
      },
    },
    handler: async (request, reply) => {
      const { payment, clientSecret } = await startPayment(request.ctx, request.body)
      return reply.code(201).send({ data: { payment: present(payment), clientSecret } })
    },
  })

  app.get('/payments', {
    config: { can: 'payments.pay' },
    schema: {
      operationId: 'payments.list',
      summary: 'Your payments, newest first; with `payments.read_any` everybody’s',
      querystring: Type.Object({
        ...pageQuery,
        userId: Type.Optional(Id),
        state: Type.Optional(choice(states)),
      }),
      response: { 200: listOf(PaymentView) },
    },
    handler: async (request, reply) => {
      const { limit = defaultLimit, ...filter } = request.query
      return presentPage(
        request,
        reply,
        await listPayments(request.ctx, { ...filter, limit }),
        present,
      )
    },
  })

  app.get('/payments/:id', {
    config: { can: 'payments.pay', errors: [errors.payment_not_found] },
    schema: {
      operationId: 'payments.get',
      summary: 'One payment',
      params: Type.Object({ id: Id }),
      response: { 200: dataOf(PaymentView) },
    },
    handler: async (request) => ({
      data: present(await getPayment(request.ctx, request.params.id)),
    }),
  })
}

const present = (payment: Payment) => ({
  id: payment.id,
  userId: payment.userId,
  price: presentMoney(priceOf(payment)),
  captured: amountIn(payment, payment.captured),
  refunded: amountIn(payment, payment.refunded),
  refundPending: amountIn(payment, payment.refundPending),
  disputed: amountIn(payment, payment.disputed),
  chargedBack: amountIn(payment, payment.chargedBack),
  description: payment.description,
  state: payment.state,
  failure: payment.failure,
  provider: payment.provider,
  providerRef: payment.providerRef,
  heldAt: payment.heldAt?.toISOString() ?? null,
  createdAt: payment.createdAt.toISOString(),
})

const amountIn = ({ asset }: Payment, amount: bigint) => presentMoney(money(amount, asset))

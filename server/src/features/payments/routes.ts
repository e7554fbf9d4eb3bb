/** HTTP: seeing what became of a payment. */
import { Type } from 'typebox'
import { type App, dataOf, listOf, pageQuery, presentPage } from '../../platform/http/index.ts'
import { defaultLimit } from '../../platform/http/pagination.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { AssetCode, MoneyView, money, presentMoney } from '../../platform/money/index.ts'
import { errors } from './errors.ts'
import { getPayment, listPayments, priceOf, sorting } from './payments.ts'
import { listSurplus } from './surplus.ts'
import { getTimeline, sources } from './timeline.ts'
import { type Payment, type Surplus, providers, states } from './tables.ts'

const Id = Type.String({ format: 'uuid' })
export const PaymentView = Type.Object({
  id: Id,
  userId: Id,
  price: MoneyView,
  captured: MoneyView,
  refunded: MoneyView,
  refundPending: MoneyView,
  disputed: MoneyView,
  chargedBack: MoneyView,
  description: nullable(Type.String()),
  reference: nullable(Type.String({ description: 'What you call it.' })),
  state: choice(
    states,
    '`held`: the money is here. `frozen`: a dispute claims some of it. `released`: it is with whoever earned it.',
  ),
  failure: nullable(Type.String({ description: 'Why the last try failed, as the provider says.' })),
  provider: choice(providers),
  providerRef: nullable(Type.String({ description: 'What the provider calls it.' })),
  heldAt: nullable(Time),
  createdAt: Time,
})

const MomentView = Type.Object({
  at: Time,
  source: choice(sources, '`attempt`: what was asked of the provider; `provider`: what it told.'),
  name: Type.String(),
  ref: nullable(Type.String({ description: 'What the provider calls what it is about.' })),
  data: Type.Record(Type.String(), Type.Unknown()),
})
const SurplusView = Type.Object({
  id: Id,
  paymentId: Id,
  received: MoneyView,
  provider: choice(providers),
  providerRef: Type.String({ description: 'What the provider calls what brought it.' }),
  chargeRef: nullable(Type.String()),
  failure: nullable(
    Type.String({
      description: 'Why the provider did not take it back, in its words: it waits for somebody.',
    }),
  ),
  createdAt: Time,
})

export async function paymentRoutes(app: App) {
  app.get('/payments', {
    config: { can: 'payments.pay' },
    schema: {
      operationId: 'payments.list',
      summary: 'Your payments, newest first; with `payments.read_any` everybody’s',
      querystring: Type.Object({
        ...pageQuery,
        sort: sorting.sort,
        userId: Type.Optional(Id),
        state: Type.Optional(choice(states)),
        provider: Type.Optional(choice(providers)),
        currency: Type.Optional(AssetCode),
        from: Type.Optional(Time),
        to: Type.Optional(Time),
      }),
      response: { 200: listOf(PaymentView) },
    },
    handler: async (request, reply) => {
      const { limit = defaultLimit, from, to, ...filter } = request.query
      const page = await listPayments(request.ctx, {
        ...filter,
        limit,
        ...(from === undefined ? {} : { from: new Date(from) }),
        ...(to === undefined ? {} : { to: new Date(to) }),
      })
      return presentPage(request, reply, page, present)
    },
  })

  app.get('/payments/surplus', {
    config: { can: 'payments.read_any' },
    schema: {
      operationId: 'payments.listSurplus',
      summary: 'Money that came in a second time and waits to be given back, the oldest first',
      querystring: Type.Object({
        ...pageQuery,
        isRefused: Type.Optional(
          Type.Boolean({
            description: 'Only what the provider has refused, or only what it has not.',
          }),
        ),
      }),
      response: { 200: listOf(SurplusView) },
    },
    handler: async (request, reply) => {
      const { limit = defaultLimit, ...filter } = request.query
      const page = await listSurplus(request.ctx, { ...filter, limit })
      return presentPage(request, reply, page, presentSurplus)
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

  app.get('/payments/:id/timeline', {
    config: { can: 'payments.read_any', errors: [errors.payment_not_found] },
    schema: {
      operationId: 'payments.timeline',
      summary: 'What happened to one payment, in order',
      params: Type.Object({ id: Id }),
      response: { 200: dataOf(Type.Array(MomentView)) },
    },
    handler: async (request) => ({
      data: (await getTimeline(request.ctx, request.params.id)).map((moment) => ({
        ...moment,
        at: moment.at.toISOString(),
      })),
    }),
  })
}

export const present = (payment: Payment) => ({
  id: payment.id,
  userId: payment.userId,
  price: presentMoney(priceOf(payment)),
  captured: amountIn(payment, payment.captured),
  refunded: amountIn(payment, payment.refunded),
  refundPending: amountIn(payment, payment.refundPending),
  disputed: amountIn(payment, payment.disputed),
  chargedBack: amountIn(payment, payment.chargedBack),
  description: payment.description,
  reference: payment.reference,
  state: payment.state,
  failure: payment.failure,
  provider: payment.provider,
  providerRef: payment.providerRef,
  heldAt: payment.heldAt?.toISOString() ?? null,
  createdAt: payment.createdAt.toISOString(),
})

const amountIn = ({ asset }: Payment, amount: bigint) => presentMoney(money(amount, asset))

const presentSurplus = (surplus: Surplus) => ({
  id: surplus.id,
  paymentId: surplus.paymentId,
  received: presentMoney(money(surplus.amount, surplus.asset)),
  provider: surplus.provider,
  providerRef: surplus.collectionRef,
  chargeRef: surplus.chargeRef,
  failure: surplus.failure,
  createdAt: surplus.createdAt.toISOString(),
})

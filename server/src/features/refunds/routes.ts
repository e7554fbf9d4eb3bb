/** HTTP: giving money back, and seeing what became of it. */
import { Type } from 'typebox'
import { type App, dataOf, listOf, pageQuery, presentPage } from '../../platform/http/index.ts'
import { defaultLimit } from '../../platform/http/pagination.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { AssetCode, MoneyView, moneyErrors, presentMoney } from '../../platform/money/index.ts'
import { getPayment, paymentsErrors } from '../payments/index.ts'
import { errors } from './errors.ts'
import { isAnswered } from './outcomes.ts'
import { amountOf, getRefund, listRefunds, sorting } from './refunds.ts'
import { refundPayment } from './sending.ts'
import { type Refund, origins, states } from './tables.ts'

const Id = Type.String({ format: 'uuid' })
const params = Type.Object({ id: Id })
export const RefundView = Type.Object({
  id: Id,
  paymentId: Id,
  amount: MoneyView,
  state: choice(
    states,
    '`unknown`: the provider did not answer; it is asked again. `needs_review`: only a person can tell.',
  ),
  origin: choice(origins, '`provider`: made in its dashboard.'),
  reason: nullable(Type.String()),
  failure: nullable(Type.String({ description: 'Why it failed, as the provider says.' })),
  provider: choice(['stripe']),
  providerRef: nullable(Type.String({ description: 'What the provider calls it.' })),
  succeededAt: nullable(Time),
  createdAt: Time,
})
const filters = { ...pageQuery, sort: sorting.sort, state: Type.Optional(choice(states)) }
const read = { can: 'refunds.read' } as const

export async function refundRoutes(app: App) {
  app.post('/payments/:id/refunds', {
    config: {
      can: 'refunds.create',
      stepUp: true,
      elevation: 'with_authenticator',
      idempotency: 'required',
      errors: [
        paymentsErrors.payment_not_found,
        paymentsErrors.not_configured,
        errors.nothing_to_refund,
        errors.more_than_refundable,
        errors.disputed,
        errors.refused_by_provider,
        moneyErrors.asset_mismatch,
        moneyErrors.not_divisible,
      ],
    },
    schema: {
      operationId: 'refunds.create',
      summary: 'Give a payment back, or a part of it',
      description:
        '202: the provider did not answer. The refund is `unknown` then, and goes on by itself; it is never made twice.',
      params,
      body: Type.Object({
        amount: Type.Optional(
          nullable(
            Type.String({
              pattern: '^[1-9][0-9]{0,18}$',
              description: 'Of the smallest unit: USD 10.99 is `1099`. Nothing: all that is left.',
            }),
          ),
        ),
        currency: Type.Optional(AssetCode),
        reason: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 500,
            description:
              'Also told to the provider where it is `duplicate`, `fraudulent` or `requested_by_customer`.',
          }),
        ),
      }),
      response: { 201: dataOf(RefundView), 202: dataOf(RefundView) },
    },
    handler: async (request, reply) => {
      const refund = await refundPayment(request.ctx, request.params.id, request.body)
      return reply.code(isAnswered(refund) ? 201 : 202).send({ data: present(refund) })
    },
  })

  app.get('/payments/:id/refunds', {
    config: { ...read, errors: [paymentsErrors.payment_not_found] },
    schema: {
      operationId: 'refunds.listOfPayment',
      summary: 'The refunds of a payment, newest first',
      params,
      querystring: Type.Object(filters),
      response: { 200: listOf(RefundView) },
    },
    handler: async (request, reply) => {
      const { id: paymentId } = await getPayment(request.ctx, request.params.id)
      const { limit = defaultLimit, ...filter } = request.query
      const page = await listRefunds(request.ctx, { ...filter, paymentId, limit })
      return presentPage(request, reply, page, present)
    },
  })

  app.get('/refunds', {
    config: read,
    schema: {
      operationId: 'refunds.list',
      summary: 'Everybody’s refunds, newest first',
      querystring: Type.Object({
        ...filters,
        paymentId: Type.Optional(Id),
        userId: Type.Optional(Id),
      }),
      response: { 200: listOf(RefundView) },
    },
    handler: async (request, reply) => {
      const { limit = defaultLimit, ...filter } = request.query
      const page = await listRefunds(request.ctx, { ...filter, limit })
      return presentPage(request, reply, page, present)
    },
  })

  app.get('/refunds/:id', {
    config: { ...read, errors: [errors.refund_not_found] },
    schema: {
      operationId: 'refunds.get',
      summary: 'One refund',
      params,
      response: { 200: dataOf(RefundView) },
    },
    handler: async (request) => ({
      data: present(await getRefund(request.ctx, request.params.id)),
    }),
  })
}

export const present = (refund: Refund) => ({
  id: refund.id,
  paymentId: refund.paymentId,
  amount: presentMoney(amountOf(refund)),
  state: refund.state,
  origin: refund.origin,
  reason: refund.reason,
  failure: refund.failure,
  provider: refund.provider,
  providerRef: refund.providerRef,
  succeededAt: refund.succeededAt?.toISOString() ?? null,
  createdAt: refund.createdAt.toISOString(),
})

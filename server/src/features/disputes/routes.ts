/** HTTP: what customers' banks dispute, and what they are told. */
import { Type } from 'typebox'
import { type App, dataOf, listOf, pageQuery, presentPage } from '../../platform/http/index.ts'
import { defaultLimit } from '../../platform/http/pagination.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { MoneyView, money, presentMoney } from '../../platform/money/index.ts'
import { disputeStatuses } from '../../platform/payments/index.ts'
import { paymentsErrors } from '../payments/index.ts'
import { acceptDispute, sendEvidence } from './answers.ts'
import { amountOf, getDispute, listDisputes, sorting } from './disputes.ts'
import { errors } from './errors.ts'
import type { Dispute } from './tables.ts'

const Id = Type.String({ format: 'uuid' })
const params = Type.Object({ id: Id })
const DisputeView = Type.Object({
  id: Id,
  paymentId: Id,
  surplusId: nullable(
    Type.String({ format: 'uuid', description: 'About money that came in a second time.' }),
  ),
  amount: MoneyView,
  claims: MoneyView,
  state: choice(
    disputeStatuses,
    '`inquiry`: the bank only asks, and nothing is kept from anybody.',
  ),
  reason: Type.String({ description: 'As the provider says.' }),
  dueAt: nullable(Type.String({ format: 'date-time', description: 'The bank waits until then.' })),
  hasEvidence: Type.Boolean(),
  isWithdrawn: Type.Boolean({ description: 'The provider has taken the money away.' }),
  isReinstated: Type.Boolean({ description: 'The provider has given money back.' }),
  provider: choice(['stripe']),
  providerRef: Type.String({ description: 'What the provider calls it.' }),
  openedAt: Time,
  closedAt: nullable(Time),
})
const read = { can: 'disputes.read' } as const
const answer = {
  can: 'disputes.answer',
  stepUp: true,
  elevation: 'with_authenticator',
  idempotency: 'required',
} as const
const refusals = [
  errors.dispute_not_found,
  errors.dispute_closed,
  errors.refused_by_provider,
  errors.provider_unavailable,
  paymentsErrors.not_configured,
]

export async function disputeRoutes(app: App) {
  app.get('/disputes', {
    config: read,
    schema: {
      operationId: 'disputes.list',
      summary: 'Disputes, newest first',
      querystring: Type.Object({
        ...pageQuery,
        sort: sorting.sort,
        state: Type.Optional(choice(disputeStatuses)),
        paymentId: Type.Optional(Id),
        userId: Type.Optional(Id),
      }),
      response: { 200: listOf(DisputeView) },
    },
    handler: async (request, reply) => {
      const { limit = defaultLimit, ...filter } = request.query
      const page = await listDisputes(request.ctx, { ...filter, limit })
      return presentPage(request, reply, page, present)
    },
  })

  app.get('/disputes/:id', {
    config: { ...read, errors: [errors.dispute_not_found] },
    schema: {
      operationId: 'disputes.get',
      summary: 'One dispute',
      params,
      response: { 200: dataOf(DisputeView) },
    },
    handler: async (request) => ({
      data: present(await getDispute(request.ctx, request.params.id)),
    }),
  })

  app.post('/disputes/:id/evidence', {
    config: { ...answer, errors: refusals },
    schema: {
      operationId: 'disputes.sendEvidence',
      summary: 'Tell the customer’s bank why the payment is right',
      description: 'For good: the bank decides by it, and takes nothing more.',
      params,
      body: Type.Object({ text: Type.String({ minLength: 1, maxLength: 20_000 }) }),
      response: { 200: dataOf(DisputeView) },
    },
    handler: async (request) => ({
      data: present(await sendEvidence(request.ctx, request.params.id, request.body.text)),
    }),
  })

  app.post('/disputes/:id/acceptance', {
    config: { ...answer, errors: [...refusals, errors.inquiry_not_accepted] },
    schema: {
      operationId: 'disputes.accept',
      summary: 'Give a dispute up: the customer keeps the money',
      params,
      response: { 200: dataOf(DisputeView) },
    },
    handler: async (request) => ({
      data: present(await acceptDispute(request.ctx, request.params.id)),
    }),
  })
}

const present = (dispute: Dispute) => ({
  id: dispute.id,
  paymentId: dispute.paymentId,
  surplusId: dispute.surplusId,
  amount: presentMoney(amountOf(dispute)),
  claims: presentMoney(money(dispute.claims, dispute.asset)),
  state: dispute.state,
  reason: dispute.reason,
  dueAt: dispute.dueAt?.toISOString() ?? null,
  hasEvidence: dispute.hasEvidence,
  isWithdrawn: dispute.isWithdrawn,
  isReinstated: dispute.isReinstated,
  provider: dispute.provider,
  providerRef: dispute.providerRef,
  openedAt: dispute.openedAt.toISOString(),
  closedAt: dispute.closedAt?.toISOString() ?? null,
})

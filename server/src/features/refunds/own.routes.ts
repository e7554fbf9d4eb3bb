/** HTTP: what was given back of what one has paid. Why, and what the provider said, is for those who give it. */
import { Type } from 'typebox'
import { type App, listOf, pageQuery, presentPage } from '../../platform/http/index.ts'
import { defaultLimit } from '../../platform/http/pagination.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { MoneyView, presentMoney } from '../../platform/money/index.ts'
import { amountOf, listRefunds } from './refunds.ts'
import { type Refund, states } from './tables.ts'

const Id = Type.String({ format: 'uuid' })
const OwnRefundView = Type.Object({
  id: Id,
  paymentId: Id,
  amount: MoneyView,
  state: choice(states),
  succeededAt: nullable(Time),
  createdAt: Time,
})

export async function ownRefundRoutes(app: App) {
  app.get('/users/me/refunds', {
    config: { can: 'payments.pay' },
    schema: {
      operationId: 'refunds.listOwn',
      summary: 'What was given back of what you have paid, newest first',
      querystring: Type.Object({ ...pageQuery, paymentId: Type.Optional(Id) }),
      response: { 200: listOf(OwnRefundView) },
    },
    handler: async (request, reply) => {
      const { limit = defaultLimit, ...filter } = request.query
      const userId = request.ctx.actor.id ?? ''
      const page = await listRefunds(request.ctx, { ...filter, userId, limit })
      return presentPage(request, reply, page, present)
    },
  })
}

const present = (refund: Refund) => ({
  id: refund.id,
  paymentId: refund.paymentId,
  amount: presentMoney(amountOf(refund)),
  state: refund.state,
  succeededAt: refund.succeededAt?.toISOString() ?? null,
  createdAt: refund.createdAt.toISOString(),
})

/** HTTP: what no program decides, and a person with the right to it does. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { paymentsErrors } from '../payments/index.ts'
import { errors } from './errors.ts'
import { reviewRefund } from './review.ts'
import { RefundView, present } from './routes.ts'
import { settleRefused } from './settling.ts'

const Id = Type.String({ format: 'uuid' })
const params = Type.Object({ id: Id })
const Note = Type.String({ minLength: 10, maxLength: 1000, description: 'What was found out.' })
const decide = {
  can: 'refunds.review',
  stepUp: true,
  elevation: 'with_authenticator',
  idempotency: 'required',
} as const

export async function reviewRoutes(app: App) {
  app.post('/refunds/:id/review', {
    config: {
      ...decide,
      errors: [
        paymentsErrors.not_configured,
        errors.refund_not_found,
        errors.not_in_review,
        errors.made_after_all,
        errors.not_this_refund,
        errors.provider_unavailable,
      ],
    },
    schema: {
      operationId: 'refunds.review',
      summary: 'Say what became of a refund that needs review',
      description:
        '`made`: the provider calls it `ref`, and is asked for it. `not_made`: the provider is asked once more, and what it claimed can be had again.',
      params,
      body: Type.Object({
        outcome: choice(['made', 'not_made']),
        ref: Type.Optional(
          Type.String({
            pattern: '^[A-Za-z0-9_]{1,255}$',
            description: 'What the provider calls it; with `made`.',
          }),
        ),
        note: Note,
      }),
      response: { 200: dataOf(RefundView) },
    },
    handler: async (request) => {
      const { outcome, ref, note } = request.body
      // What names nothing is no refund of ours.
      if (outcome === 'made' && ref === undefined) throw errors.not_this_refund()
      const review = outcome === 'made' ? { outcome, ref: ref ?? '', note } : { outcome, note }
      return { data: present(await reviewRefund(request.ctx, request.params.id, review)) }
    },
  })

  app.post('/payments/surplus/:id/settlement', {
    config: {
      ...decide,
      errors: [
        paymentsErrors.surplus_not_found,
        paymentsErrors.not_configured,
        errors.surplus_not_open,
      ],
    },
    schema: {
      operationId: 'refunds.settleSurplus',
      summary: 'Settle money that came in twice and that the provider did not take back',
      description:
        '`refund`: it is asked for once more. `other_means`: the customer was given it from elsewhere, and it is taken off the books of what waits.',
      params,
      body: Type.Object({ by: choice(['refund', 'other_means']), note: Note }),
      response: {
        200: dataOf(
          Type.Object({
            id: Id,
            paymentId: Id,
            refundId: nullable(Id),
            failure: nullable(Type.String({ description: 'It was refused again.' })),
            settledAt: nullable(Time),
          }),
        ),
      },
    },
    handler: async (request) => {
      const { id, paymentId, refundId, failure, settledAt } = await settleRefused(
        request.ctx,
        request.params.id,
        request.body,
      )
      const at = settledAt?.toISOString() ?? null
      return { data: { id, paymentId, refundId, failure, settledAt: at } }
    },
  })
}

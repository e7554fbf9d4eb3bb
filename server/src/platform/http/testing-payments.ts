/** Routes for tests that move money as rooms do: a row first, then the service outside, then the row again. */
import { randomUUID } from 'node:crypto'
import { Type } from 'typebox'
import { defineEvent } from '../events/index.ts'
import type { App } from './index.ts'

const ordered = defineEvent<{ amount: string }>()('test.ordered')
const paid = defineEvent<{ receipt: string }>()('test.paid')

export const routes = {
  payments: '/api/v1/test/payments',
  approvals: '/api/v1/test/approvals',
  guests: '/api/v1/test/guests',
  gifts: '/api/v1/test/gifts',
} as const

const isRequired = { idempotency: 'required' } as const
const byClient = [{ policy: 'auth_login_client', by: 'client' }] as const
const configs = [
  [routes.payments, { can: 'users.read_self', ...isRequired }],
  [routes.approvals, { can: 'admin.read_health', ...isRequired }],
  [routes.guests, { public: true, limits: byClient, ...isRequired }],
  [routes.gifts, { can: 'users.read_self' }],
] as const

export type Outside = {
  /** Before the first transaction. */
  before(): Promise<void>
  /** The service is asked, between the two. It is told the same receipt in every try. */
  ask(receipt: string): Promise<void>
}

export function paymentRoutes(outside: Outside): (app: App) => Promise<void> {
  return async (app) => {
    for (const [url, config] of configs)
      app.post(url, {
        config,
        schema: {
          body: Type.Object({ amount: Type.String(), secret: Type.Optional(Type.String()) }),
          response: { 201: Type.Object({ data: Type.Object({ receipt: Type.String() }) }) },
        },
        handler: async (request, reply) => {
          await outside.before()
          const order = await request.ctx.tx(async (tx) => {
            await tx.record(ordered, 'order', { amount: request.body.amount })
            return randomUUID()
          })
          const receipt = `receipt of ${order}`
          await outside.ask(receipt)
          await request.ctx.tx((tx) => tx.record(paid, 'order', { receipt }))
          return reply.code(201).send({ data: { receipt } })
        },
      })
  }
}

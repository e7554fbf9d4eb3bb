/** What is not in Stripe's API: the clock, the dashboard, banks and customers, faults, and the truth. */
import { accountStates, deauthorize, setState, takeAccount } from './accounts.ts'
import { deleteCustomer } from './customers.ts'
import { decide, escalate, openDispute } from './disputes.ts'
import { eventFaults, requestFaults } from './faults.ts'
import { operation } from './operation.ts'
import { type Parameter, flag, integer, oneOf, required, shape, text } from './parameters.ts'
import { failPayout } from './payouts.ts'
import { createRefund, failRefund, refundParameters, requireAction } from './refunds.ts'
import { createTransfer, transferParameters } from './transfers.ts'
import { truthOf } from './truth.ts'
import { rollSecret, takeEndpoint } from './webhook-endpoints.ts'
import { quiet, resend } from './webhooks.ts'
import { homeOf, take } from './world.ts'

/** A share of all requests, in parts of a thousand: forms know whole numbers only. */
function odds<Name extends string>(names: readonly Name[]) {
  const fields = Object.fromEntries(names.map((name) => [name, integer])) as Record<
    Name,
    Parameter<number | undefined>
  >
  return shape(fields)
}

function shares(perMille: object | undefined): Record<string, number> {
  const entries = Object.entries(perMille ?? {}) as [string, number][]
  return Object.fromEntries(entries.map(([name, value]) => [name, value / 1000]))
}

const done = { object: 'twin.done' }

export const adminOperations = [
  operation('GET /_twin/clock', { run: ({ now }) => ({ object: 'twin.clock', now }) }),
  operation('POST /_twin/clock/advance', {
    parameters: { seconds: required(integer) },
    async run({ home: { world }, values }) {
      await world.clock.advance(values.seconds, () => quiet(world.webhooks))
      return { object: 'twin.clock', now: world.clock.now() }
    },
  }),
  operation('GET /_twin/truth', { run: ({ home }) => truthOf(home.world) }),
  operation('GET /_twin/deliveries', {
    run: ({ home }) => ({ object: 'twin.deliveries', data: home.world.webhooks.deliveries }),
  }),
  operation('POST /_twin/faults/requests', {
    parameters: {
      fault: required(oneOf(...requestFaults)),
      on: text,
      count: integer,
      amount: integer,
    },
    run({ home, values: { fault, on, count, amount } }) {
      home.world.faults.request({
        fault,
        ...(on !== undefined && { on }),
        ...(count !== undefined && { count }),
        ...(amount !== undefined && { amount }),
      })
      return done
    },
  }),
  operation('POST /_twin/faults/events', {
    parameters: {
      fault: required(oneOf(...eventFaults)),
      on: text,
      count: integer,
      amount: integer,
    },
    run({ home, values: { fault, on, count, amount } }) {
      home.world.faults.event({
        fault,
        ...(on !== undefined && { on }),
        ...(count !== undefined && { count }),
        ...(amount !== undefined && { amount }),
      })
      return done
    },
  }),
  operation('POST /_twin/faults/seed', {
    parameters: {
      seed: required(integer),
      requests: odds(requestFaults),
      events: odds(eventFaults),
    },
    run({ home, values }) {
      home.world.faults.seed(values.seed, shares(values.requests), shares(values.events))
      return done
    },
  }),
  operation('DELETE /_twin/faults', {
    run({ home }) {
      home.world.faults.clear()
      return done
    },
  }),
  operation('POST /_twin/refunds', {
    parameters: refundParameters,
    answers: 'refund',
    run: ({ home, values }) => createRefund(home, values),
  }),
  operation('POST /_twin/refunds/:id/fail', {
    parameters: { reason: text },
    answers: 'refund',
    run({ home, values, part }) {
      const refund = take(home.refunds, part('id'), 'refund')
      failRefund(home, refund, values.reason ?? 'unknown')
      return refund
    },
  }),
  operation('POST /_twin/refunds/:id/require_action', {
    answers: 'refund',
    run({ home, part }) {
      const refund = take(home.refunds, part('id'), 'refund')
      requireAction(home, refund)
      return refund
    },
  }),
  operation('POST /_twin/disputes', {
    parameters: { charge: required(text), amount: integer, reason: text, inquiry: flag },
    answers: 'dispute',
    run: ({ home, values }) =>
      openDispute(home, take(home.charges, values.charge, 'charge', 'charge'), {
        reason: values.reason ?? 'fraudulent',
        isInquiry: values.inquiry === true,
        amount: values.amount,
      }),
  }),
  operation('POST /_twin/disputes/:id/:outcome', {
    answers: 'dispute',
    run({ home, part }) {
      const dispute = take(home.disputes, part('id'), 'dispute')
      const outcome = oneOf('won', 'lost', 'escalated').read(part('outcome'), 'outcome')
      if (outcome === 'escalated') escalate(home, dispute)
      else decide(home, dispute, outcome ?? 'lost')
      return dispute
    },
  }),
  operation('POST /_twin/accounts/:id/deauthorized', {
    answers: 'account',
    run({ home: { world }, part }) {
      const account = takeAccount(world, part('id'))
      deauthorize(homeOf(world, account.id), account)
      return account
    },
  }),
  operation('POST /_twin/accounts/:id/:state', {
    answers: 'account',
    run({ home: { world }, part }) {
      const account = takeAccount(world, part('id'))
      const state = required(oneOf(...accountStates)).read(part('state'), 'state')
      setState(homeOf(world, account.id), account, state)
      return account
    },
  }),
  operation('POST /_twin/payouts/:id/fail', {
    parameters: { code: text },
    answers: 'payout',
    run({ home, values, part }) {
      const payout = take(home.payouts, part('id'), 'payout')
      failPayout(home, payout, values.code ?? 'account_closed')
      return payout
    },
  }),
  // One that nobody asked for through the API: an orphan.
  operation('POST /_twin/transfers', {
    parameters: transferParameters,
    answers: 'transfer',
    run: ({ home, values }) => createTransfer(home, values),
  }),
  operation('DELETE /_twin/customers/:id', {
    run: ({ home, part }) => deleteCustomer(home, part('id')),
  }),
  operation('POST /_twin/webhook_endpoints/:id/roll', {
    parameters: { overlap_seconds: integer },
    run({ home, now, values, part }) {
      const record = takeEndpoint(home, part('id'))
      return { ...record.endpoint, secret: rollSecret(record, now, values.overlap_seconds ?? 0) }
    },
  }),
  operation('POST /_twin/events/:id/resend', {
    answers: 'event',
    run({ home, part }) {
      const event = take(home.events, part('id'), 'event')
      resend(home, event)
      return event
    },
  }),
]

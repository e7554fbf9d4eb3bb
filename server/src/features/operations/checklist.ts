/** The checklist of a first run: what is set up, what it means, and whether it really works. */
import { randomBytes } from 'node:crypto'
import type { Ctx } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { redactText } from '../../platform/telemetry/index.ts'
import { sendTestMail, sendTestTo } from '../mail/index.ts'
import { partTested } from './events.ts'
import { type Found, found } from './findings.ts'

export const parts = ['mail', 'storage', 'payments', 'signing_key', 'alerts'] as const
export type Part = (typeof parts)[number]
export type Row = Found & { readonly part: Part }

const stateOfCheck = { pass: 'ok', warn: 'attention', fail: 'failed' } as const

/** Looks without changing anything and without sending anything. */
export async function readChecklist(ctx: Ctx): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const part of parts) rows.push({ part, ...(await looks[part](ctx)) })
  return rows
}

/** Does the thing itself; who asked is recorded, with what came of it. */
export async function testPart(ctx: Ctx, part: Part): Promise<Row> {
  const tested = await tests[part](ctx).catch(failedBy)
  await ctx.tx((tx) => tx.record(partTested, null, { part, state: tested.state }))
  return { part, ...tested }
}

const looks: Readonly<Record<Part, (ctx: Ctx) => Promise<Found>>> = {
  mail: async ({ ports, settings }) => {
    if (ports.mail.driver === 'capture')
      return found(settings.isProduction ? 'failed' : 'attention', 'mail_captured')
    const { status, detail = '' } = await ports.mail.check()
    return status === 'pass'
      ? found('ok', 'mail_answers')
      : found(stateOfCheck[status], 'mail_unwell', { said: detail })
  },
  storage: async ({ ports }) => {
    const { status, detail = '' } = await ports.storage.check()
    return status === 'pass'
      ? found('ok', 'storage_answers')
      : found(stateOfCheck[status], 'storage_unwell', { said: detail })
  },
  payments: async ({ ports, settings }) => {
    if (!ports.payments) return found('off', 'payments_off')
    return settings.stripeWebhookSecret === undefined
      ? found('attention', 'payments_unheard')
      : found('ok', 'payments_set_up')
  },
  signing_key: async ({ ports }) => {
    const kid = ports.tokens.signingKid()
    return kid === null ? found('failed', 'key_missing') : found('ok', 'key_there', { kid })
  },
  alerts: async ({ settings: { alertEmail, alertWebhookUrl } }) =>
    alertEmail.length === 0 && alertWebhookUrl === undefined
      ? found('attention', 'alerts_unread')
      : found('ok', 'alerts_addressed', {
          addresses: String(alertEmail.length),
          webhooks: alertWebhookUrl === undefined ? '0' : '1',
        }),
}

const tests: Readonly<Record<Part, (ctx: Ctx) => Promise<Found>>> = {
  mail: async (ctx) => {
    const { to, driver, isSent, answer } = await sendTestMail(ctx)
    if (!isSent) return notSent(to, answer)
    if (driver === 'capture') return looks.mail(ctx)
    return found('ok', 'mail_sent', { to, said: answer ?? '' })
  },
  storage: async ({ ports: { storage }, requestId }) => {
    const key = `checks/${requestId}`
    const body = randomBytes(32)
    await storage.put(key, body, { contentType: 'application/octet-stream' })
    try {
      const object = await storage.get(key)
      const read = Buffer.concat(await object.body.toArray())
      if (!read.equals(body)) throw new Error('what was read is not what was written')
    } finally {
      await storage.delete(key)
    }
    return (await storage.head(key)) === null
      ? found('ok', 'storage_works')
      : found('failed', 'storage_keeps')
  },
  payments: async (ctx) => {
    const { payments } = ctx.ports
    if (!payments) return looks.payments(ctx)
    const balance = await payments.listing.readBalance()
    const currencies = balance?.total.map(({ asset }) => asset).join(', ') ?? ''
    const seen = await looks.payments(ctx)
    return seen.state === 'ok' ? found('ok', 'payments_work', { currencies }) : seen
  },
  signing_key: async ({ ports: { tokens }, requestId }) => {
    const document = await tokens.signDocument('check', { requestId })
    const read = await tokens.openDocuments()
    return read('check', document) === null
      ? found('failed', 'key_broken')
      : found('ok', 'key_works')
  },
  alerts: async (ctx) => {
    const { alertEmail } = ctx.settings
    if (alertEmail.length === 0) return looks.alerts(ctx)
    for (const to of alertEmail) {
      const { isSent, answer } = await sendTestTo(ctx, { to, userId: null, locale: 'en' })
      if (!isSent) return notSent(to, answer)
    }
    return found('ok', 'alerts_sent', { addresses: String(alertEmail.length) })
  },
}

const notSent = (to: string, answer: string | null): Found =>
  found('failed', 'mail_refused', { to, said: answer ?? '—' })

/** What the other side said is what an administrator needs; our own words say what to do. */
function failedBy(error: unknown): Found {
  if (error instanceof AppError && error.status < 500) throw error
  const said = error instanceof Error ? error.message : String(error)
  return found('failed', 'test_failed', { said: redactText(said) })
}

/** The checklist of a first run: what is set up, what it means, and whether it really works. */
import { randomBytes } from 'node:crypto'
import type { Ctx } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { redactText } from '../../platform/telemetry/index.ts'
import { sendTestMail, sendTestTo } from '../mail/index.ts'
import { partTested } from './events.ts'

export const parts = ['mail', 'storage', 'payments', 'signing_key', 'alerts'] as const
export type Part = (typeof parts)[number]
export const states = ['ok', 'attention', 'failed', 'off'] as const
export type State = (typeof states)[number]

export type Row = {
  readonly part: Part
  readonly state: State
  /** What was found. */
  readonly detail: string
  /** What to do about it; null where there is nothing to do. */
  readonly remedy: string | null
}
type Found = Omit<Row, 'part'>

const stateOfCheck = { pass: 'ok', warn: 'attention', fail: 'failed' } as const

/** Looks without changing anything and without sending anything. */
export async function readChecklist(ctx: Ctx): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const part of parts) rows.push({ part, ...(await looks[part](ctx)) })
  return rows
}

/** Does the thing itself; who asked is recorded, with what came of it. */
export async function testPart(ctx: Ctx, part: Part): Promise<Row> {
  const found = await tests[part](ctx).catch(failedBy)
  await ctx.tx((tx) => tx.record(partTested, null, { part, state: found.state }))
  return { part, ...found }
}

const looks: Readonly<Record<Part, (ctx: Ctx) => Promise<Found>>> = {
  mail: async ({ ports, settings }) => {
    if (ports.mail.driver === 'capture')
      return {
        state: settings.isProduction ? 'failed' : 'attention',
        detail: 'Mail is captured and reaches nobody.',
        remedy: 'Set MAIL_DRIVER to smtp or sendgrid, with its settings.',
      }
    const { status, detail = 'The mail server answers.' } = await ports.mail.check()
    return remedied(stateOfCheck[status], detail, 'Check the settings of mail and try again.')
  },
  storage: async ({ ports }) => {
    const { status, detail = 'The store answers.' } = await ports.storage.check()
    return remedied(stateOfCheck[status], detail, 'Check the settings of storage and its space.')
  },
  payments: async ({ ports, settings }) => {
    if (!ports.payments)
      return {
        state: 'off',
        detail: 'No payments are taken.',
        remedy: 'Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET to take payments.',
      }
    return settings.stripeWebhookSecret === undefined
      ? {
          state: 'attention',
          detail: 'Payments are taken, and the provider cannot tell what becomes of them.',
          remedy: 'Make a webhook endpoint at the provider and set STRIPE_WEBHOOK_SECRET.',
        }
      : ok('A provider is set up.')
  },
  signing_key: async ({ ports }) => {
    const kid = ports.tokens.signingKid()
    return kid === null
      ? {
          state: 'failed',
          detail: 'There is no key to sign access tokens with.',
          remedy: 'See "ashlar keys"; with KMS, check TOKEN_KMS_KEY_ID and its permissions.',
        }
      : ok(`Access tokens are signed with the key ${kid}.`)
  },
  alerts: async ({ settings: { alertEmail, alertWebhookUrl } }) =>
    alertEmail.length === 0 && alertWebhookUrl === undefined
      ? {
          state: 'attention',
          detail: 'Alerts reach nobody; they are seen in the console alone.',
          remedy: 'Set ALERT_EMAIL or ALERT_WEBHOOK_URL.',
        }
      : ok(
          `Alerts reach ${alertEmail.length} addresses${alertWebhookUrl ? ' and a webhook' : ''}.`,
        ),
}

const tests: Readonly<Record<Part, (ctx: Ctx) => Promise<Found>>> = {
  mail: async (ctx) => {
    const { to, driver, isSent, answer } = await sendTestMail(ctx)
    if (!isSent) return notSent(to, answer)
    if (driver === 'capture') return looks.mail(ctx)
    return ok(`A mail to ${to} was taken over${answer === null ? '.' : `: ${answer}`}`)
  },
  storage: async ({ ports: { storage }, requestId }) => {
    const key = `checks/${requestId}`
    const body = randomBytes(32)
    await storage.put(key, body, { contentType: 'application/octet-stream' })
    try {
      const found = await storage.get(key)
      const read = Buffer.concat(await found.body.toArray())
      if (!read.equals(body)) throw new Error('what was read is not what was written')
    } finally {
      await storage.delete(key)
    }
    return (await storage.head(key)) === null
      ? ok('An object was written, read and deleted.')
      : remedied('failed', 'An object was not deleted.', 'Check the rights of the store’s key.')
  },
  payments: async (ctx) => {
    const { payments } = ctx.ports
    if (!payments) return looks.payments(ctx)
    const balance = await payments.listing.readBalance()
    const currencies = balance?.total.map(({ asset }) => asset).join(', ') ?? ''
    const seen = await looks.payments(ctx)
    return seen.state === 'ok'
      ? ok(`The provider has told its balance${currencies === '' ? '' : ` in ${currencies}`}.`)
      : seen
  },
  signing_key: async ({ ports: { tokens }, requestId }) => {
    const document = await tokens.signDocument('check', { requestId })
    const read = await tokens.openDocuments()
    return read('check', document) === null
      ? remedied('failed', 'What was signed does not verify.', 'Rotate the key: "ashlar keys".')
      : ok('A document was signed and verified.')
  },
  alerts: async (ctx) => {
    const { alertEmail } = ctx.settings
    if (alertEmail.length === 0) return looks.alerts(ctx)
    for (const to of alertEmail) {
      const { isSent, answer } = await sendTestTo(ctx, { to, userId: null, locale: 'en' })
      if (!isSent) return notSent(to, answer)
    }
    return ok(`A mail was handed over for each of ${alertEmail.length} addresses.`)
  },
}

const ok = (detail: string): Found => ({ state: 'ok', detail, remedy: null })
const remedied = (state: State, detail: string, remedy: string): Found =>
  state === 'ok' ? ok(detail) : { state, detail, remedy }

const notSent = (to: string, answer: string | null): Found => ({
  state: 'failed',
  detail: `A mail to ${to} was not taken over: ${answer ?? 'no answer'}`,
  remedy: 'Check the settings of mail.',
})

/** What the other side said is what an administrator needs; our own words say what to do. */
function failedBy(error: unknown): Found {
  if (error instanceof AppError && error.status < 500) throw error
  const said = error instanceof Error ? error.message : String(error)
  return {
    state: 'failed',
    detail: redactText(said),
    remedy: 'Check the settings of this part; the log has more.',
  }
}

/** Alerts on their way: by mail to each address of ALERT_EMAIL, by webhook to ALERT_WEBHOOK_URL, each tried until it arrives. */
import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { defineJob } from '../../platform/jobs/define.ts'
import { PermanentFailure } from '../../platform/jobs/errors.ts'
import { isPermanent, messageIdFor } from '../../platform/mail/index.ts'
import { WebhookFailure } from '../../platform/webhooks/index.ts'
import { alertPosted, alertUndelivered } from './events.ts'
import { alertRaised } from './mails.ts'
import { type Alert, alerts } from './tables.ts'

/** Mail servers and receivers are away for minutes, and ask for patience. */
const patience = { attempts: 10, backoffSeconds: 5, timeoutSeconds: 45 }

/** Addresses are in the settings alone: the job carries what tells them apart. */
export const mailAlert = defineJob(
  'monitoring.mail_alert',
  { queue: 'mail', ...patience },
  async (ctx, { alertId, recipient }: { alertId: string; recipient: string }) => {
    const to = ctx.settings.alertEmail.find((address) => fingerprintOf(address) === recipient)
    const alert = await findAlert(ctx, alertId)
    // Not wanted any more.
    if (to === undefined || !alert) return
    await send(ctx, to, alert, `monitoring.mail_alert:${alertId}:${recipient}`)
  },
)

export const postAlert = defineJob(
  'monitoring.post_alert',
  { ...patience, backoffMaxSeconds: 1800 },
  async (ctx, { alertId }: { alertId: string }, signal, isLast = false) => {
    const { alertWebhookUrl: url, alertWebhookSecret: secret } = ctx.settings
    const alert = await findAlert(ctx, alertId)
    if (url === undefined || secret === undefined || !alert) return
    const body = JSON.stringify({
      type: 'monitoring.alert_raised',
      timestamp: alert.createdAt.toISOString(),
      data: presentAlert(alert),
    })
    const { host } = new URL(url)
    try {
      await ctx.ports.webhooks.send({ url, secret, id: `alert_${alertId}`, body }, signal)
    } catch (error) {
      const isForbidden = error instanceof WebhookFailure && error.reason === 'forbidden'
      const data = { host, reason: isForbidden ? 'forbidden' : 'failed' }
      if (isForbidden || isLast)
        await ctx.recordRefusal({
          name: alertUndelivered.name,
          outcome: 'failed',
          subjectId: alertId,
          data,
        })
      throw isForbidden ? new PermanentFailure(error.message, { cause: error }) : error
    }
    await ctx.tx((tx) => tx.record(alertPosted, alertId, { host }))
  },
)

export async function enqueueDeliveries(tx: TxCtx, alertId: string): Promise<void> {
  const { alertEmail, alertWebhookUrl } = tx.settings
  for (const recipient of new Set(alertEmail.map(fingerprintOf)))
    await tx.enqueue(mailAlert, { alertId, recipient }, { key: `${alertId}:${recipient}` })
  if (alertWebhookUrl !== undefined) await tx.enqueue(postAlert, { alertId }, { key: alertId })
}

/** An alert as its readers get it: ids and an address, never a name. */
export const presentAlert = ({ by, key, ...alert }: Alert) => ({
  ...alert,
  by,
  ip: by === 'ip' ? key : null,
  subjectId: by === 'subject' ? key : null,
  firstAt: alert.firstAt.toISOString(),
  lastAt: alert.lastAt.toISOString(),
  acknowledgedAt: alert.acknowledgedAt?.toISOString() ?? null,
  createdAt: alert.createdAt.toISOString(),
})

async function findAlert({ db }: ReadCtx, id: string): Promise<Alert | null> {
  const [found] = await db.select().from(alerts).where(eq(alerts.id, id))
  return found ?? null
}

const fingerprintOf = (address: string) =>
  createHash('sha256').update(address).digest('base64url').slice(0, 22)

async function send(ctx: Ctx, to: string, alert: Alert, jobKey: string): Promise<void> {
  const { publicUrl } = ctx.settings
  const { ip, subjectId, ...shown } = presentAlert(alert)
  // Nobody knows which language a mailing list speaks.
  const options = { locale: 'en', product: { name: 'Ashlar', publicUrl } } as const
  const mail = alertRaised.render({ ...shown, about: ip ?? subjectId }, options)
  try {
    await ctx.ports.mail.send({ to, ...mail, messageId: messageIdFor(jobKey, publicUrl) })
  } catch (error) {
    // A refused address stays refused; anything else may be better in a minute.
    throw isPermanent(error)
      ? new PermanentFailure('the mail was refused', { cause: error })
      : error
  }
}

/** Jobs that tell an account's owner what happened at its door, and the cleaning up behind it. */
import { eq, lt, sql } from 'drizzle-orm'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { pageAddress } from '../../platform/http/languages.ts'
import { defineJob } from '../../platform/jobs/define.ts'
import { getUser } from '../users/index.ts'
import { describeDevice } from './devices.ts'
import { mailPolicy, renderingFor, sendMail } from './mail-sending.ts'
import { newDevice, signInPaused } from './sign-in-mails.ts'
import { knownDevices, sessions, signInFailures } from './tables.ts'

/** A few rows of a month ago help nobody guess, and nobody find out. */
const failuresKeptDays = 30
/** As long as the browser keeps the cookie. */
const devicesKeptDays = 400

export const sendNewDevice = defineJob(
  'auth.send_new_device',
  mailPolicy,
  async (ctx, { userId, sessionId }: { userId: string; sessionId: string }) => {
    const user = await getUser(ctx, userId)
    const [session] = await ctx.db.select().from(sessions).where(eq(sessions.id, sessionId))
    if (!session || user.status !== 'active') return
    const mail = newDevice.render(
      {
        name: user.name,
        at: session.createdAt.toISOString(),
        ipAddress: session.ip,
        device: describeDevice(session.userAgent),
        resetLink: pageAddress(ctx.settings.publicUrl, '/forgot-password', user.locale),
      },
      renderingFor(ctx, user.locale),
    )
    await sendMail(ctx, user.email, mail, `auth.send_new_device:${sessionId}`)
  },
)

export const sendSignInPaused = defineJob(
  'auth.send_sign_in_paused',
  mailPolicy,
  async (ctx, { userId, at }: { userId: string; at: string }) => {
    const user = await getUser(ctx, userId)
    if (user.status !== 'active' || user.emailVerifiedAt === null) return
    const mail = signInPaused.render(
      {
        name: user.name,
        at,
        resetLink: pageAddress(ctx.settings.publicUrl, '/forgot-password', user.locale),
      },
      renderingFor(ctx, user.locale),
    )
    await sendMail(ctx, user.email, mail, `auth.send_sign_in_paused:${userId}:${at}`)
  },
)

export const forgetSignInTraces = defineJob(
  'auth.forget_sign_in_traces',
  { cron: '35 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 120 },
  async (ctx) => {
    const olderThan = (days: number) => sql`now() - make_interval(days => ${days})`
    await deleteInBatches(
      ctx,
      signInFailures,
      lt(signInFailures.lastAt, olderThan(failuresKeptDays)),
    )
    await deleteInBatches(
      ctx,
      knownDevices,
      lt(knownDevices.lastSeenAt, olderThan(devicesKeptDays)),
    )
  },
)

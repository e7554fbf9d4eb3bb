/** Jobs of the privacy room: the mails, and the names of the work that takes every room (with-rooms.ts). */
import { eq } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { pageAddress } from '../../platform/http/languages.ts'
import { defineJob } from '../../platform/jobs/define.ts'
import { PermanentFailure } from '../../platform/jobs/errors.ts'
import {
  type RenderedMail,
  chooseMailLocale,
  isPermanent,
  messageIdFor,
} from '../../platform/mail/index.ts'
import { type User, getUser } from '../users/index.ts'
import { findWithdrawable, restoreLinkOf } from './erasure-proofs.ts'
import { accountClosed, accountRestored, exportReady } from './mails.ts'
import { erasures, exports } from './tables.ts'

const mailPolicy = { queue: 'mail', attempts: 10, backoffSeconds: 5, timeoutSeconds: 45 }

export const makeExport = defineJob(
  'privacy.make_export',
  { attempts: 5, backoffSeconds: 30, timeoutSeconds: 1800 },
  async (_ctx, _payload: { exportId: string }) => needsRooms(),
)

export const erasePerson = defineJob(
  'privacy.erase_person',
  { queue: 'maintenance', attempts: 5, backoffSeconds: 30, timeoutSeconds: 1800 },
  async (_ctx, _payload: { erasureId: string }) => needsRooms(),
)

export const sendExportReady = defineJob(
  'privacy.send_export_ready',
  mailPolicy,
  async (ctx, { exportId }: { exportId: string }) => {
    const [made] = await ctx.db.select().from(exports).where(eq(exports.id, exportId))
    if (made?.status !== 'ready') return
    const user = await getUser(ctx, made.userId)
    if (user.status !== 'active') return
    const link = pageAddress(ctx.settings.publicUrl, '/your-data', user.locale)
    const mail = exportReady.render(
      { name: user.name, link, until: made.expiresAt.toISOString() },
      renderingFor(ctx, user),
    )
    await send(ctx, user, mail, `privacy.send_export_ready:${exportId}`)
  },
)

export const sendErasureNotice = defineJob(
  'privacy.send_erasure_notice',
  mailPolicy,
  async (ctx, { erasureId }: { erasureId: string }) => {
    const found = await findWithdrawable(ctx, erasureId)
    if (!found) return
    const { erasure, user } = found
    const link = restoreLinkOf(ctx, found)
    const mail = accountClosed.render(
      { name: user.name, link, until: erasure.dueAt.toISOString() },
      renderingFor(ctx, user),
    )
    await send(ctx, user, mail, `privacy.send_erasure_notice:${erasureId}`)
  },
)

export const sendRestored = defineJob(
  'privacy.send_restored',
  mailPolicy,
  async (ctx, { erasureId }: { erasureId: string }) => {
    const [erasure] = await ctx.db.select().from(erasures).where(eq(erasures.id, erasureId))
    if (!erasure?.withdrawnAt) return
    const user = await getUser(ctx, erasure.userId)
    if (user.status !== 'active') return
    const mail = accountRestored.render(
      {
        name: user.name,
        resetLink: pageAddress(ctx.settings.publicUrl, '/forgot-password', user.locale),
      },
      renderingFor(ctx, user),
    )
    await send(ctx, user, mail, `privacy.send_restored:${erasureId}`)
  },
)

function renderingFor(ctx: Ctx, user: User) {
  const product = { name: 'Ashlar', publicUrl: ctx.settings.publicUrl }
  return { locale: chooseMailLocale(user.locale), product }
}

async function send(ctx: Ctx, user: User, mail: RenderedMail, jobKey: string): Promise<void> {
  const messageId = messageIdFor(jobKey, ctx.settings.publicUrl)
  try {
    await ctx.ports.mail.send({ to: user.email, ...mail, messageId, userId: user.id })
  } catch (error) {
    // A refused address stays refused; anything else may be better in a minute.
    throw isPermanent(error)
      ? new PermanentFailure('the mail was refused', { cause: error })
      : error
  }
}

/** Stands in for work that only app/ can complete: it knows every room. */
function needsRooms(): never {
  throw new Error('this job needs the rooms: take it from privacyJobs()')
}

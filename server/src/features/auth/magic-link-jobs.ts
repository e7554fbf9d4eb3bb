/** The job that mails a sign-in to whom it belongs. */
import { defineJob } from '../../platform/jobs/define.ts'
import { pageAddress } from '../../platform/http/languages.ts'
import { getUser } from '../users/index.ts'
import { findSignInProof, signInLinkMinutes } from './magic-link-proofs.ts'
import { mailPolicy, renderingFor, sendMail } from './mail-sending.ts'
import { signInLink } from './sign-in-mails.ts'

export const sendSignInLink = defineJob(
  'auth.send_sign_in_link',
  mailPolicy,
  async (ctx, { requestId }: { requestId: string }) => {
    const proof = await findSignInProof(ctx, requestId)
    // Nobody's address, or used, replaced or expired meanwhile.
    if (!proof) return
    const user = await getUser(ctx, proof.userId)
    if (user.status !== 'active' || user.email !== proof.email) return
    const mail = signInLink.render(
      {
        name: user.name,
        link: `${pageAddress(ctx.settings.publicUrl, '/sign-in-link', user.locale)}#token=${proof.token}`,
        code: proof.code,
        expiresMinutes: signInLinkMinutes,
      },
      renderingFor(ctx, user.locale),
    )
    await sendMail(ctx, proof.email, mail, `auth.send_sign_in_link:${requestId}`)
  },
)

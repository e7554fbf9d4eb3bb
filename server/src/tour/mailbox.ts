/** What somebody finds in their mailbox: the development server shows captured mail to anybody. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Guide, WrongStep } from './step.ts'

/** The mail is sent by a background job; it is there in well under a second. */
const mailTimeoutMs = 20_000
const mailPollMs = 200

type Mail = { readonly subject: string; readonly links: readonly string[] }

/** The token in a link of somebody's newest mail whose subject contains this. */
export async function findMailed(
  guide: Guide,
  email: string,
  { subject, of }: { subject: string; of: string },
): Promise<string> {
  const path = `/dev/mailbox?to=${encodeURIComponent(email)}`
  const until = Date.now() + mailTimeoutMs
  while (Date.now() < until) {
    const { body } = await guide.client.call({ path })
    const mails = (body as { data?: Mail[] }).data ?? []
    const mail = mails.find((each) => each.subject.includes(subject))
    const token = mail?.links
      .map((link) => new RegExp(`[#?&]${of}=([^&\\s]+)`).exec(link)?.[1])
      .find((found) => found !== undefined)
    if (mail && token) {
      guide.tell('the mail arrives', `GET ${path}`, `“${mail.subject}”`)
      return decodeURIComponent(token)
    }
    await pause(mailPollMs)
  }
  guide.tell('the mail arrives', `GET ${path}`, 'no mail')
  throw new WrongStep('the mail arrives')
}

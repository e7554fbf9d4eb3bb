/** The SendGrid driver: one HTTPS request per mail (Web API v3). */
import { AppError } from '../errors.ts'
import { errors } from './errors.ts'
import type { MailCheck, Mailer, MailMessage } from './mailer.ts'
import { outgoingFrom } from './outgoing.ts'
import type { OutgoingMail } from './outgoing.ts'

export type SendgridOptions = {
  readonly apiKey: string
  /** `name@example.org` or `Product <name@example.org>`; must be a verified sender there. */
  readonly from: string
  /** The European region is `https://api.eu.sendgrid.com`. */
  readonly baseUrl?: string
  /** All of one request: connecting, sending, answering. */
  readonly timeoutMs: number
}

const defaultBaseUrl = 'https://api.sendgrid.com'
const maxReasonLength = 300
/**
 * Answers that are about this message. 401 and 403 are about our key or our sender, and SendGrid also
 * answers 403 as a temporary block: the same message goes through once that is put right.
 */
const aboutMessage: ReadonlySet<number> = new Set([400, 413, 422])

/** @throws mail.sender_invalid; TypeError when `baseUrl` is not a URL */
export function openSendgridMailer(options: SendgridOptions): Mailer {
  const prepare = outgoingFrom(options.from)
  const base = new URL(options.baseUrl ?? defaultBaseUrl)
  const headers = { authorization: `Bearer ${options.apiKey}`, accept: 'application/json' }
  const underway = new Set<Promise<unknown>>()

  const call = async (path: string, init: RequestInit) => {
    try {
      return await fetch(new URL(path, base), {
        ...init,
        // The key goes to the configured host and nowhere else.
        redirect: 'manual',
        signal: AbortSignal.timeout(options.timeoutMs),
      })
    } catch (error) {
      throw errors.unavailable({ driver: 'sendgrid', reason: nameOf(error) }, { cause: error })
    }
  }

  const deliver = async (mail: OutgoingMail) => {
    const response = await call('/v3/mail/send', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(toRequest(mail)),
    })
    if (response.status !== 202) throw await toAppError(response)
    // Taken is taken: trouble with the empty rest of the answer must not cause a second mail.
    await response.body?.cancel().catch(() => {})
    return { providerId: response.headers.get('x-message-id') }
  }

  return {
    driver: 'sendgrid',
    async send(message: MailMessage) {
      const sending = deliver(prepare(message))
      underway.add(sending)
      try {
        return await sending
      } finally {
        underway.delete(sending)
      }
    },
    async check() {
      try {
        return await readScopes(await call('/v3/scopes', { headers }))
      } catch (error) {
        const reason = error instanceof AppError ? error.details['reason'] : nameOf(error)
        return { status: 'fail', detail: `SendGrid does not answer (${String(reason)})` }
      }
    },
    async close() {
      await Promise.allSettled(underway)
    },
  }
}

function toRequest(mail: OutgoingMail) {
  const { name, address } = mail.from
  return {
    personalizations: [{ to: [{ email: mail.to }] }],
    from: name === '' ? { email: address } : { email: address, name },
    subject: mail.subject,
    content: [
      { type: 'text/plain', value: mail.text },
      { type: 'text/html', value: mail.html },
    ],
    headers: { ...mail.headers, 'Message-ID': mail.messageId },
    // Comes back in SendGrid's event webhook, which knows nothing of our Message-ID.
    custom_args: { message_id: mail.messageId },
    // Tracking rewrites every link to pass through their host: tokens would travel with it.
    tracking_settings: {
      click_tracking: { enable: false, enable_text: false },
      open_tracking: { enable: false },
      subscription_tracking: { enable: false },
    },
  }
}

async function toAppError(response: Response): Promise<AppError> {
  const details = {
    driver: 'sendgrid',
    status: response.status,
    reason: await readReason(response),
    ...readRetryAfter(response.headers.get('retry-after')),
  }
  return aboutMessage.has(response.status) ? errors.rejected(details) : errors.unavailable(details)
}

/** SendGrid's `{"errors":[{"message","field"}]}` in one line; whatever else it says, a short piece of it. */
async function readReason(response: Response): Promise<string> {
  const body = await response.text().catch(() => '')
  const reasons = listOf(parseJson(body), 'errors').map((item) => {
    const { field, message } = isRecord(item) ? item : { field: null, message: item }
    return typeof field === 'string' ? `${field}: ${String(message)}` : String(message)
  })
  return (reasons.join('; ') || body).slice(0, maxReasonLength)
}

/** RFC 9110 10.2.3: seconds, or a date. */
function readRetryAfter(value: string | null): { retryAfterSeconds?: number } {
  if (value === null) return {}
  const seconds = /^\d+$/.test(value)
    ? Number(value)
    : Math.ceil((Date.parse(value) - Date.now()) / 1000)
  return Number.isFinite(seconds) ? { retryAfterSeconds: Math.max(0, seconds) } : {}
}

async function readScopes(response: Response): Promise<MailCheck> {
  if (response.status !== 200) {
    await response.body?.cancel()
    return { status: 'fail', detail: `SendGrid answers ${response.status} to the configured key` }
  }
  const scopes = listOf(parseJson(await response.text()), 'scopes')
  return scopes.includes('mail.send')
    ? { status: 'pass', detail: 'SendGrid takes mail' }
    : { status: 'fail', detail: 'The SendGrid key lacks the scope mail.send' }
}

function listOf(answer: unknown, key: string): readonly unknown[] {
  const list = isRecord(answer) ? answer[key] : undefined
  return Array.isArray(list) ? list : []
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}

/** The SMTP driver: a small pool of connections to one relay, every wait bounded. */
import { createTransport } from 'nodemailer'
import type { NodemailerError, SMTPPoolOptions } from 'nodemailer'
import type { AppError } from '../errors.ts'
import { errors } from './errors.ts'
import type { MailCheck, Mailer, MailMessage } from './mailer.ts'
import { outgoingFrom } from './outgoing.ts'
import type { OutgoingMail } from './outgoing.ts'

export type SmtpOptions = {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (port 465). Otherwise STARTTLS is used where the server offers it. */
  readonly secure: boolean
  /** Refuses to go on without STARTTLS; has no meaning with `secure`. Production sets it. */
  readonly requireTls?: boolean
  /** PEM certificate to trust instead of the public ones: for a relay of one's own. */
  readonly certificateAuthority?: string
  readonly user?: string
  readonly password?: string
  /** `name@example.org` or `Product <name@example.org>`; the only sender there is. */
  readonly from: string
  /** Each of: name lookup, connecting, the server's greeting. */
  readonly connectTimeoutMs: number
  /** Silence on an open connection. */
  readonly idleTimeoutMs?: number
  /** All of one attempt, the wait for a free connection included. */
  readonly sendTimeoutMs?: number
  readonly maxConnections?: number
}

const defaultIdleTimeoutMs = 20_000
/** Ends well before the job that sends is abandoned, so that two attempts never overlap. */
const defaultSendTimeoutMs = 30_000
const defaultMaxConnections = 3
/** Relays limit messages per connection; a fresh one after this many is polite. */
const maxMessagesPerConnection = 100
/** Given back before the relay gives us up in mid-handover: common relays wait 60 s or more. */
const pooledIdleTimeoutMs = 30_000
/**
 * A pooled connection may be dead without knowing. The pool then takes a fresh one, once, and only while
 * nothing of the message was handed over; every other repetition is the job's, where it is counted and seen.
 */
const maxFreshConnections = 1
const maxResponseLength = 300

/** Opens lazily: nothing is connected before the first message. @throws mail.sender_invalid */
export function openSmtpMailer(options: SmtpOptions): Mailer {
  const prepare = outgoingFrom(options.from)
  const sendTimeoutMs = options.sendTimeoutMs ?? defaultSendTimeoutMs
  const transport = createTransport(poolOptions(options))
  const underway = new Set<Promise<unknown>>()

  const deliver = async (mail: OutgoingMail) => {
    try {
      const { response } = await transport.sendMail({
        from: mail.from,
        to: { name: '', address: mail.to },
        envelope: { from: mail.from.address, to: [mail.to] },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        headers: mail.headers,
        messageId: mail.messageId,
        // Socket timeouts watch for silence; this also ends a server that trickles its answers.
        signal: AbortSignal.timeout(sendTimeoutMs),
      })
      return { providerId: response?.slice(0, maxResponseLength) ?? null }
    } catch (error) {
      throw toAppError(error)
    }
  }

  return {
    driver: 'smtp',
    async send(message: MailMessage) {
      const sending = deliver(prepare(message))
      underway.add(sending)
      try {
        return await sending
      } finally {
        underway.delete(sending)
      }
    },
    check: () => check(transport.verify(), options),
    async close() {
      transport.close()
      await Promise.allSettled(underway)
      transport.close({ force: true })
    },
  }
}

function poolOptions(options: SmtpOptions): SMTPPoolOptions & { pool: true } {
  const idleTimeoutMs = options.idleTimeoutMs ?? defaultIdleTimeoutMs
  return {
    pool: true,
    host: options.host,
    port: options.port,
    secure: options.secure,
    requireTLS: options.requireTls ?? false,
    tls: {
      minVersion: 'TLSv1.2',
      ...(options.certificateAuthority === undefined ? {} : { ca: options.certificateAuthority }),
    },
    ...(options.user === undefined
      ? {}
      : { auth: { user: options.user, pass: options.password ?? '' } }),
    maxConnections: options.maxConnections ?? defaultMaxConnections,
    maxMessages: maxMessagesPerConnection,
    maxRequeues: maxFreshConnections,
    idleTimeout: pooledIdleTimeoutMs,
    dnsTimeout: options.connectTimeoutMs,
    connectionTimeout: options.connectTimeoutMs,
    greetingTimeout: options.connectTimeoutMs,
    socketTimeout: idleTimeoutMs,
    socketCloseTimeout: 0,
    // Bodies come from our own renderer: nothing in a message may make this machine read a file or a URL.
    disableFileAccess: true,
    disableUrlAccess: true,
    maxRecipients: 1,
  }
}

/**
 * Only a 5xx about this recipient or this message is final. A 5xx to the greeting, the login or the
 * sender speaks about our configuration: once it is put right, the same message goes through.
 */
function toAppError(error: unknown): AppError {
  const failure: NodemailerError = error instanceof Error ? error : new Error(String(error))
  const details = {
    driver: 'smtp',
    reason: failure.code ?? 'UNKNOWN',
    ...(failure.command === undefined ? {} : { command: failure.command }),
    ...(failure.response === undefined
      ? {}
      : { response: failure.response.slice(0, maxResponseLength) }),
  }
  const isAboutMessage = failure.command === 'RCPT TO' || failure.command === 'DATA'
  const isTooBig = failure.code === 'EMESSAGE' && failure.responseCode === undefined
  return (isAboutMessage && failure.permanent === true) || isTooBig
    ? errors.rejected(details, { cause: error })
    : errors.unavailable(details, { cause: error })
}

async function check(verification: Promise<true>, options: SmtpOptions): Promise<MailCheck> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(Object.assign(new Error('No answer in time.'), { code: 'ETIMEDOUT' })),
      options.sendTimeoutMs ?? defaultSendTimeoutMs,
    )
  })
  try {
    await Promise.race([verification, deadline])
    return { status: 'pass', detail: `${options.host}:${options.port} takes mail` }
  } catch (error) {
    const reason = toAppError(error).details['reason']
    return { status: 'fail', detail: `${options.host}:${options.port}: ${String(reason)}` }
  } finally {
    clearTimeout(timer)
  }
}

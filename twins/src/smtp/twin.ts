/** An SMTP server that keeps what it receives instead of delivering it, and misbehaves on request. */
import type { Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { SMTPServerOptions, SMTPServerSession } from 'smtp-server'
import { parseMail } from './mime.ts'
import type { ParsedMail } from './mime.ts'

export type SmtpTwinMode =
  | { readonly kind: 'deliver' }
  /** Every recipient is refused for good: 550. */
  | { readonly kind: 'refuse' }
  /** The first `attempts` recipients are put off with 451, then mail flows. */
  | { readonly kind: 'greylist'; readonly attempts: number }
  /** Says nothing: instead of the greeting (and of any next command), or after the message. */
  | { readonly kind: 'hang'; readonly at: 'greeting' | 'message' }
  /** Keeps the message, then cuts the line before the 250: the sender cannot know the outcome. */
  | { readonly kind: 'acceptThenDrop' }
  /** Cuts the line at the recipient, the first `attempts` times or always; nothing is kept. */
  | { readonly kind: 'disconnect'; readonly attempts?: number }

export type CapturedMail = ParsedMail & {
  readonly id: number
  readonly receivedAt: Date
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  /** The message came through TLS. */
  readonly isSecure: boolean
  readonly user: string | null
  readonly raw: string
}

export type SmtpTwinOptions = {
  readonly host?: string
  /** 0, the default, takes a free port. */
  readonly port?: number
  /** When given, mail is taken only after AUTH PLAIN or LOGIN with exactly these. */
  readonly auth?: { readonly user: string; readonly password: string }
  /** When given, STARTTLS is offered with this PEM certificate. */
  readonly startTls?: { readonly key: string; readonly cert: string }
  /** The oldest messages are forgotten beyond this many. */
  readonly maxMessages?: number
  readonly maxMessageBytes?: number
}

export type SmtpTwin = {
  /** `smtp://127.0.0.1:2525`, without credentials. */
  readonly url: string
  readonly port: number
  /** Oldest first. */
  messages(): readonly CapturedMail[]
  clear(): void
  setMode(mode: SmtpTwinMode): void
  /** Ends every connection at once. */
  close(): Promise<void>
}

const defaultMaxMessages = 500
const defaultMaxMessageBytes = 25 * 1024 * 1024
/** A client that says nothing for this long is dropped. */
const idleTimeoutMs = 60_000

export async function startSmtpTwin(options: SmtpTwinOptions = {}): Promise<SmtpTwin> {
  const host = options.host ?? '127.0.0.1'
  const maxMessages = options.maxMessages ?? defaultMaxMessages
  const maxMessageBytes = options.maxMessageBytes ?? defaultMaxMessageBytes
  const sockets = new Map<number, Socket>()
  let mode: SmtpTwinMode = { kind: 'deliver' }
  /** RCPT commands since the mode was set. */
  let recipients = 0
  let received = 0
  let kept: CapturedMail[] = []

  const cut = (session: SMTPServerSession) => sockets.get(session.remotePort)?.destroy()
  const isSilent = () => mode.kind === 'hang' && mode.at === 'greeting'

  const server = new SMTPServer({
    ...serverOptions(options, maxMessageBytes),
    onAuth(auth, _session, done) {
      const isRight =
        auth.username === options.auth?.user && auth.password === options.auth?.password
      if (isRight) done(null, { user: auth.username })
      else done(replyError(535, '5.7.8 Wrong user or password'))
    },
    onConnect(_session, done) {
      if (!isSilent()) done()
    },
    onMailFrom(_address, _session, done) {
      if (!isSilent()) done()
    },
    onRcptTo(_address, session, done) {
      if (mode.kind === 'refuse') return done(replyError(550, '5.1.1 No such mailbox here'))
      recipients += 1
      if (mode.kind === 'disconnect' && recipients <= (mode.attempts ?? Infinity)) {
        return void cut(session)
      }
      if (mode.kind === 'greylist' && recipients <= mode.attempts) {
        return done(replyError(451, '4.7.1 Greylisted, try again later'))
      }
      done()
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => {
        if (!stream.sizeExceeded) chunks.push(chunk)
      })
      stream.on('end', () => {
        if (mode.kind === 'hang') return
        if (stream.sizeExceeded) return done(replyError(552, '5.3.4 Message too big'))
        received += 1
        kept = [...kept, capture(received, Buffer.concat(chunks), session)].slice(-maxMessages)
        if (mode.kind === 'acceptThenDrop') return void cut(session)
        done(null, `kept as ${received}`)
      })
    },
  })
  // A client that goes away in mid-dialogue is an everyday event, not a failure of the twin.
  server.on('error', () => {})
  server.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0
    sockets.set(port, socket)
    socket.once('close', () => sockets.delete(port))
  })

  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(options.port ?? 0, host, resolve)
  })
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('No port was given.')
  const { port } = address

  return {
    url: `smtp://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    messages: () => kept,
    clear() {
      kept = []
    },
    setMode(next) {
      mode = next
      recipients = 0
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets.values()) socket.destroy()
      }),
  }
}

function serverOptions(options: SmtpTwinOptions, maxMessageBytes: number): SMTPServerOptions {
  const disabledCommands = [
    ...(options.auth ? [] : ['AUTH']),
    ...(options.startTls ? [] : ['STARTTLS']),
  ]
  return {
    banner: 'Ashlar SMTP twin',
    size: maxMessageBytes,
    disabledCommands,
    authOptional: options.auth === undefined,
    // Without STARTTLS on offer there is no safer way; with it, a password in the clear is refused.
    allowInsecureAuth: options.startTls === undefined,
    disableReverseLookup: true,
    socketTimeout: idleTimeoutMs,
    logger: false,
    ...options.startTls,
  }
}

function capture(id: number, raw: Buffer, session: SMTPServerSession): CapturedMail {
  const { mailFrom, rcptTo } = session.envelope
  const user: unknown = session.user
  return {
    id,
    receivedAt: new Date(),
    envelope: {
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
    },
    isSecure: session.secure,
    user: typeof user === 'string' ? user : null,
    raw: raw.toString('utf8'),
    ...parseMail(raw),
  }
}

function replyError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}

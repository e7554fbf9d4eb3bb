/** The outside world by the settings: which mail transport, which storage, which keys. */
import { availableParallelism } from 'node:os'
import path from 'node:path'
import type { Ports, Settings } from '../platform/context.ts'
import type { Db } from '../platform/db/index.ts'
import { type IdentityFailure, openIdentityProviders } from '../platform/identity/index.ts'
import {
  type Mailer,
  openCaptureMailer,
  openSendgridMailer,
  openSmtpMailer,
} from '../platform/mail/index.ts'
import {
  type BreachOutcome,
  type PasswordThread,
  openBreachList,
  openPasswordHasher,
  openPasswordThread,
} from '../platform/passwords/index.ts'
import { deriveKey } from '../platform/secrets.ts'
import {
  type LocalStorage,
  type Storage,
  openLocalStorage,
  openS3Storage,
} from '../platform/storage/index.ts'
import { type TokenSigner, openKms, openTokenSigner } from '../platform/tokens/index.ts'
import { type PaymentProvider, openStripe } from '../platform/payments/index.ts'
import { openWebhooks } from '../platform/webhooks/index.ts'
import { captureMail } from './mailbox.ts'

/** Time to reach a mail server; sending itself has its own limit in the driver. */
const mailConnectTimeoutMs = 10_000
const sendgridTimeoutMs = 20_000
/** Somebody waits with their form: the check is worth no more than this. */
const breachTimeoutMs = 2_000
/** On two cores one is left for everything else: both together hash only a tenth more (docs/performance.md). */
const hashesAtOnce = availableParallelism() > 2 ? 2 : 1
const defaultFrom = 'Ashlar <ashlar@localhost.localdomain>'

export type OpenPorts = Ports & {
  readonly localStorage: LocalStorage | null
  close(): Promise<void>
}

export type PortWatch = {
  /** Told of every question to the list of breached passwords. */
  readonly onBreachCheck: (outcome: BreachOutcome, error?: unknown) => void
  /** Told when tokens are signed with less than the settings ask for. */
  readonly onTokenProblem: (message: string, error: unknown) => void
  /** Told when an identity provider does not answer, or answers what proves nothing. */
  readonly onIdentityFailure: (providerId: string, failure: IdentityFailure) => void
}

/** `sharedThread` belongs to whoever opened it; without it there is one of our own. */
export async function openPorts(
  settings: Settings,
  db: Db,
  watch: PortWatch,
  sharedThread?: PasswordThread,
): Promise<OpenPorts> {
  // First what can fail: it leaves nothing open that somebody would have to close.
  const tokens = await openTokens(settings, db, watch)
  const mail = openMailer(settings, db)
  const { storage, localStorage } = openStorage(settings)
  const thread = sharedThread ?? openPasswordThread()
  const passwords = await openPasswordHasher(
    {
      memoryKib: settings.passwordHashMemoryKib,
      iterations: settings.passwordHashIterations,
      parallelism: settings.passwordHashParallelism,
      concurrency: settings.passwordHashConcurrency ?? hashesAtOnce,
    },
    thread,
  )
  const breaches = openBreachList({
    url: settings.passwordBreachCheckUrl,
    timeoutMs: breachTimeoutMs,
    onAsked: watch.onBreachCheck,
  })
  const identity = openIdentityProviders({
    settings,
    onFailure: watch.onIdentityFailure,
  })
  return {
    mail,
    storage,
    passwords,
    strength: thread,
    breaches,
    tokens,
    identity,
    payments: openPayments(settings),
    webhooks: openWebhooks({ hasPrivateAddresses: settings.webhookPrivateAddresses }),
    localStorage,
    close: async () => {
      if (!sharedThread) await thread.close()
      await mail.close()
    },
  }
}

async function openTokens(settings: Settings, db: Db, watch: PortWatch): Promise<TokenSigner> {
  const { tokenKmsKeyId: keyId, tokenKmsEndpoint: endpoint } = settings
  return openTokenSigner({
    db,
    secretKey: settings.secretKey,
    issuer: settings.publicUrl,
    algorithm: settings.tokenSigningAlgorithm,
    kms:
      keyId === undefined
        ? null
        : {
            keyId,
            client: await openKms({
              ...awsOf(settings),
              ...(endpoint === undefined ? {} : { endpoint }),
            }),
          },
    onProblem: watch.onTokenProblem,
  })
}

/** Null where they are switched off, or nobody to ask is known: in production that keeps the server from starting. */
function openPayments({
  paymentsEnabled,
  stripeSecretKey: secretKey,
  stripeApiUrl,
}: Settings): PaymentProvider | null {
  if (!paymentsEnabled || secretKey === undefined) return null
  return openStripe({
    secretKey,
    url: stripeApiUrl === undefined ? undefined : new URL(stripeApiUrl),
  })
}

function openMailer(settings: Settings, db: Db): Mailer {
  const from = settings.emailFrom ?? defaultFrom
  if (settings.mailDriver === 'sendgrid')
    return openSendgridMailer({
      apiKey: settings.sendgridApiKey ?? '',
      from,
      timeoutMs: sendgridTimeoutMs,
    })
  if (settings.mailDriver === 'smtp')
    return openSmtpMailer({ ...smtpOf(settings), from, connectTimeoutMs: mailConnectTimeoutMs })
  return openCaptureMailer({ from, store: (mail) => captureMail(db, mail) })
}

function smtpOf(settings: Settings) {
  if (settings.smtpUrl !== undefined) {
    const url = new URL(settings.smtpUrl)
    const secure = url.protocol === 'smtps:'
    return {
      host: url.hostname,
      port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
      secure,
      requireTls: settings.isProduction && !secure,
      ...(url.username === ''
        ? {}
        : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }),
    }
  }
  return {
    host: settings.smtpHost ?? 'localhost',
    port: settings.smtpPort,
    secure: settings.smtpSecure,
    requireTls: settings.isProduction && !settings.smtpSecure,
    ...(settings.smtpUser === undefined
      ? {}
      : { user: settings.smtpUser, password: settings.smtpPassword ?? '' }),
  }
}

function openStorage(settings: Settings): {
  storage: Storage
  localStorage: LocalStorage | null
} {
  if (settings.storageDriver === 's3') {
    const storage = openS3Storage({
      bucket: settings.s3BucketName ?? '',
      ...awsOf(settings),
      forcePathStyle: settings.s3ForcePathStyle,
      ...(settings.s3Endpoint === undefined ? {} : { endpoint: settings.s3Endpoint }),
    })
    return { storage, localStorage: null }
  }
  const localStorage = openLocalStorage({
    directory: path.resolve(settings.ashlarDataDir, 'files'),
    publicUrl: settings.publicUrl,
    signingKey: deriveKey(settings.secretKey, 'storage'),
  })
  return { storage: localStorage, localStorage }
}

function awsOf(settings: Settings) {
  return {
    region: settings.awsRegion ?? 'us-east-1',
    ...(settings.awsAccessKeyId === undefined ? {} : { accessKeyId: settings.awsAccessKeyId }),
    ...(settings.awsSecretAccessKey === undefined
      ? {}
      : { secretAccessKey: settings.awsSecretAccessKey }),
  }
}

/** Time-based one-time codes (RFC 6238: SHA-1, six digits, 30 seconds), as every authenticator application speaks them. */
import { randomBytes } from 'node:crypto'
import { HOTP, Secret, TOTP } from 'otpauth'
import QRCode from 'qrcode'
import { isSame } from '../../platform/secrets.ts'

/** 160 bits, the length RFC 4226 recommends (section 4, R6). */
const secretBytes = 20
const digits = 6
const periodSeconds = 30
/** A code that was typed at the end of its time arrives in the next step: one past step, never a future one. */
const pastSteps = 1
const issuer = 'Ashlar'

/** A secret as its owner takes it into an authenticator: shown once. */
export type ShownSecret = {
  readonly secret: string
  readonly otpauthUrl: string
  readonly qrSvg: string
  readonly qrDataUrl: string
}

export const newSecret = (): Buffer => randomBytes(secretBytes)

/** The time step whose code this is, if it is the current one or the one before; null for every other code. */
export function findStep(secret: Buffer, code: string, now: Date): number | null {
  const current = Math.floor(now.getTime() / 1000 / periodSeconds)
  const given = Buffer.from(code)
  for (let step = current; step >= current - pastSteps; step -= 1) {
    const expected = HOTP.generate({ secret: secretOf(secret), digits, counter: step })
    if (isSame(Buffer.from(expected), given)) return step
  }
  return null
}

export async function showSecret(secret: Buffer, account: string): Promise<ShownSecret> {
  const totp = new TOTP({
    issuer,
    label: account,
    secret: secretOf(secret),
    algorithm: 'SHA1',
    digits,
    period: periodSeconds,
  })
  const otpauthUrl = totp.toString()
  return {
    secret: totp.secret.base32,
    otpauthUrl,
    qrSvg: await QRCode.toString(otpauthUrl, { type: 'svg', errorCorrectionLevel: 'M' }),
    qrDataUrl: await QRCode.toDataURL(otpauthUrl, { errorCorrectionLevel: 'M' }),
  }
}

/** Copied: a Buffer may be a window into memory that holds other things. */
const secretOf = (bytes: Buffer) => new Secret({ buffer: new Uint8Array(bytes).buffer })

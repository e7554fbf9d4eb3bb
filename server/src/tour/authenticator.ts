/** Somebody's authenticator: it photographs the QR code and shows codes. */
import { default as jsqr } from 'jsqr'
import { Secret, TOTP } from 'otpauth'
import { PNG } from 'pngjs'
import { setTimeout as pause } from 'node:timers/promises'
import { type Answer, text } from './client.ts'

export const periodMs = 30_000
/** Enough of a half minute for the steps that use its code and the one before. */
const neededMs = 8_000

/** What the QR code of a set-up says, read from its pixels. Throws when it says something else than the address beside it. */
export function authenticatorIn({ body }: Answer): TOTP {
  const [, picture = ''] = text(body, 'data', 'qrDataUrl').split('base64,')
  const { data, width, height } = PNG.sync.read(Buffer.from(picture, 'base64'))
  const read = jsqr.default(new Uint8ClampedArray(data), width, height)?.data
  if (read === undefined) throw new Error('there is no QR code that can be read')
  if (read !== text(body, 'data', 'otpauthUrl')) throw new Error('the QR code says something else')
  return new TOTP({ secret: Secret.fromBase32(new URL(read).searchParams.get('secret') ?? '') })
}

export const codeAt = (totp: TOTP, offsetMs: number): string =>
  totp.generate({ timestamp: Date.now() + offsetMs })

/** Near the end of a half minute the code before would be two steps old when it arrives. */
export async function waitForFreshCode(): Promise<void> {
  const leftMs = periodMs - (Date.now() % periodMs)
  if (leftMs < neededMs) await pause(leftMs)
}

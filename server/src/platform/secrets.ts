/** Keys made from SECRET_KEY, one per purpose, and the envelopes that keep stored secrets unreadable. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { crc32 } from 'node:zlib'

const nonceBytes = 12
const tagBytes = 16
const developmentKeyBytes = 48

/** By secret key and purpose. There are few of either, and every request asks for some. */
const derivedKeys = new Map<string, Buffer>()

/** A 32-byte key for one purpose (HKDF-SHA-256, RFC 5869): knowing one purpose's key tells nothing of another's. */
export function deriveKey(secretKey: string, purpose: string): Buffer {
  const name = `${purpose} ${secretKey}`
  const known = derivedKeys.get(name)
  if (known) return known
  const key = Buffer.from(hkdfSync('sha256', secretKey, 'ashlar', purpose, 32))
  derivedKeys.set(name, key)
  return key
}

/** An unguessable token: 256 random bits behind a label that secret scanners and people recognise. */
export function newToken(label: string): string {
  return `${label}${randomBytes(32).toString('base64url')}`
}

const checksumLength = 6

/**
 * An unguessable token that tells by itself whether it is whole: behind its 256 random bits stands their CRC-32, so that
 * a mistyped or made-up one is refused without being looked up, and scanners of source code report no false ones.
 */
export function newCheckedToken(label: string): string {
  const token = newToken(label)
  return token + checksumOf(token)
}

/** Whether a token of this label is whole; says nothing of whether it is anybody's. */
export function isWholeToken(label: string, token: string): boolean {
  const end = token.length - checksumLength
  return token.startsWith(label) && token.slice(end) === checksumOf(token.slice(0, end))
}

function checksumOf(text: string): string {
  return crc32(text)
    .toString(36)
    .padStart(checksumLength + 1, '0')
    .slice(-checksumLength)
}

/** What is stored instead of a token. Tokens are long and random, so a fast hash is enough. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** A seal for the row `id` that only the holder of the key can compute. 256 bits, base64url. */
function sealOf(key: Buffer, id: string): string {
  return createHmac('sha256', key).update(id).digest('base64url')
}

/** Six digits for the row `id`. Only safe behind a limiter and a short life. */
export function codeFor(key: Buffer, id: string): string {
  const number =
    createHmac('sha256', key).update(`code:${id}`).digest().readUIntBE(0, 6) % 1_000_000
  return String(number).padStart(6, '0')
}

/** Compares without telling where the first difference is. */
export function isSame(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}

/** AES-256-GCM with a random nonce. `context` names the place (table, row, column): moved elsewhere, it won't open. */
export function seal(key: Buffer, plain: Buffer, context: string): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(context))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Opens what `seal` made. Throws when the key, the place or a single bit differs. */
export function unseal(key: Buffer, sealed: Buffer, context: string): Buffer {
  // Without the length, a tag that was cut to 4 bytes would be accepted, and could be guessed.
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  return Buffer.concat([
    decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)),
    decipher.final(),
  ])
}

/**
 * Development only: a SECRET_KEY made at first start and kept in the data directory, readable by its owner alone.
 * Throws when the file is there and holds less than a whole key.
 */
export function developmentSecretKey(dataDir: string): string {
  const file = path.join(dataDir, 'secret-key')
  if (!existsSync(file)) makeSecretKey(dataDir, file)
  const key = readFileSync(file, 'utf8').trim()
  if (Buffer.from(key, 'base64').length < developmentKeyBytes)
    throw new Error(`${file} is not whole; restore it, or remove it and sign everybody out`)
  return key
}

/** Written beside and linked into place: a link never replaces, so two first starts agree on one key. */
function makeSecretKey(dataDir: string, file: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  const text = randomBytes(developmentKeyBytes).toString('base64')
  writeFileSync(draft, text, { mode: 0o600, flush: true })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
}

/**
 * The token of the row `id`: the id and its seal in one text. Nothing is stored, so nothing leaks with the database,
 * and the same token can be written again.
 */
export function tokenOfRow(key: Buffer, id: string): string {
  return `${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')}.${sealOf(key, id)}`
}

/** The id in a token that `tokenOfRow` made with this key; null for any other text. */
export function rowOfToken(key: Buffer, token: string): string | null {
  const hex = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('hex')
  if (hex.length !== 32) return null
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return isSame(Buffer.from(tokenOfRow(key, id)), Buffer.from(token)) ? id : null
}

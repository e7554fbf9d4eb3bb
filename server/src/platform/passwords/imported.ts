/**
 * Hashes that other systems made, in the forms they are kept in: bcrypt (`$2b$…`), scrypt and PBKDF2 as PHC strings.
 * Each is verified until its owner next signs in; then the password is hashed anew.
 */
import { type ScryptOptions, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** Who computes bcrypt: it has no native implementation here, and must not run on the event loop. */
export type ImportedVerifiers = {
  readonly compareBcrypt: (password: string, hash: string) => Promise<boolean>
}

/** bcrypt looks at no more; what came after it in the password that was hashed, nobody can tell. */
const bcryptMaxBytes = 72
/** About two seconds in JavaScript. An import with higher costs would be a way to stop the server. */
const bcryptMaxCost = 14
const scryptMaxLogN = 20
const scryptMaxBytes = 256 * 1024 * 1024
const pbkdf2MaxIterations = 10_000_000
/** A shorter key could be met by chance. */
const minKeyBytes = 16
const maxKeyBytes = 128

const bcryptShape = /^\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{53}$/
const base64 = '[A-Za-z0-9+/.]{1,200}'
const scryptShape = new RegExp(
  String.raw`^\$scrypt\$ln=(?<ln>\d{1,2}),r=(?<r>\d{1,2}),p=(?<p>\d{1,2})\$(?<salt>${base64})\$(?<key>${base64})$`,
)
// The parameters by name, as the PHC format has them, or the number alone, as passlib writes it.
const pbkdf2Shape = new RegExp(
  String.raw`^\$pbkdf2(?:-(?<digest>sha1|sha256|sha512))?\$(?:i=)?(?<rounds>\d{1,8})(?:,l=\d{1,3})?\$(?<salt>${base64})\$(?<key>${base64})$`,
)

const derivePbkdf2 = promisify(pbkdf2)
const deriveScrypt = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

/** Whether the password fits a hash of another system; false for one of a kind or a cost that is not accepted. */
export async function verifyImported(
  { compareBcrypt }: ImportedVerifiers,
  stored: string,
  password: string,
): Promise<boolean> {
  if (stored.startsWith('$2')) {
    const cost = Number(bcryptShape.exec(stored)?.groups?.['cost'] ?? Number.NaN)
    if (!(cost <= bcryptMaxCost)) return false
    return Buffer.byteLength(password) <= bcryptMaxBytes && compareBcrypt(password, stored)
  }
  if (stored.startsWith('$scrypt$')) return verifyScrypt(stored, password)
  return verifyPbkdf2(stored, password)
}

async function verifyScrypt(stored: string, password: string): Promise<boolean> {
  const found = scryptShape.exec(stored)?.groups
  if (!found) return false
  const { ln, r, p } = { ln: Number(found['ln']), r: Number(found['r']), p: Number(found['p']) }
  // RFC 7914, section 2: what a computation holds, and the room the library asks for besides.
  const bytes = 128 * r * (2 ** ln + p + 2)
  if (ln < 1 || ln > scryptMaxLogN || r < 1 || p < 1 || bytes > scryptMaxBytes) return false
  const salt = decode(found['salt'])
  const key = decode(found['key'])
  if (!isUsable(key)) return false
  const options = { N: 2 ** ln, r, p, maxmem: bytes }
  return timingSafeEqual(await deriveScrypt(password, salt, key.length, options), key)
}

async function verifyPbkdf2(stored: string, password: string): Promise<boolean> {
  const found = pbkdf2Shape.exec(stored)?.groups
  if (!found) return false
  const rounds = Number(found['rounds'])
  const salt = decode(found['salt'])
  const key = decode(found['key'])
  if (rounds < 1 || rounds > pbkdf2MaxIterations || !isUsable(key)) return false
  const derived = await derivePbkdf2(password, salt, rounds, key.length, found['digest'] ?? 'sha1')
  return timingSafeEqual(derived, key)
}

const isUsable = (key: Buffer) => key.length >= minKeyBytes && key.length <= maxKeyBytes

/** Without padding, as the PHC format has it; some write `.` for `+`. */
const decode = (text = '') => Buffer.from(text.replaceAll('.', '+'), 'base64')

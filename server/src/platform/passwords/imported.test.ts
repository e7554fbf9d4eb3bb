/** Hashes of other systems: each kind fits its password and no other, and none of them can stop the server. */
import { pbkdf2Sync, scryptSync } from 'node:crypto'
import { hashSync } from 'bcryptjs'
import { afterAll, describe, expect, test } from 'vitest'
import { verifyImported } from './imported.ts'
import { openPasswordThread } from './thread.ts'

const thread = openPasswordThread()
afterAll(() => thread.close())
const verify = (stored: string, password: string) => verifyImported(thread, stored, password)

const password = 'größer als 🦊 sesame'
const salt = Buffer.from('a salt of sixteen')
const plain = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
const scryptHash = (ln = 10, r = 8, p = 1, bytes = 32) =>
  `$scrypt$ln=${ln},r=${r},p=${p}$${plain(salt)}$${plain(scryptSync(password, salt, bytes, { N: 2 ** ln, r, p }))}`
const pbkdf2Key = (digest: string, bytes = 32) => pbkdf2Sync(password, salt, 1000, bytes, digest)

const kinds: Record<string, string> = {
  'bcrypt 2a': hashSync(password, 4).replace('$2b$', '$2a$'),
  'bcrypt 2b': hashSync(password, 4),
  'bcrypt 2y': hashSync(password, 4).replace('$2b$', '$2y$'),
  scrypt: scryptHash(),
  'scrypt with more lanes': scryptHash(4, 4, 3, 64),
  'PBKDF2 with SHA-256': `$pbkdf2-sha256$i=1000,l=32$${plain(salt)}$${plain(pbkdf2Key('sha256'))}`,
  'PBKDF2 with SHA-512': `$pbkdf2-sha512$i=1000$${plain(salt)}$${plain(pbkdf2Key('sha512', 64))}`,
  'PBKDF2 as passlib writes it': `$pbkdf2-sha256$1000$${plain(salt).replaceAll('+', '.')}$${plain(pbkdf2Key('sha256')).replaceAll('+', '.')}`,
  'PBKDF2 with SHA-1': `$pbkdf2$1000$${plain(salt)}$${plain(pbkdf2Key('sha1', 20))}`,
}

test.each(Object.entries(kinds))('%s fits its password alone', async (_name, stored) => {
  expect(await verify(stored, password)).toBe(true)
  for (const wrong of ['', password.toUpperCase(), `${password} `, password.slice(1)])
    expect(await verify(stored, wrong)).toBe(false)
})

test('published vectors agree: RFC 7914 for scrypt, Openwall’s for bcrypt, passlib’s for PBKDF2', async () => {
  const rfc =
    '/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA'
  expect(await verify(`$scrypt$ln=10,r=8,p=16$TmFDbA$${rfc}`, 'password')).toBe(true)
  const openwall = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'
  expect(await verify(openwall, 'U*U')).toBe(true)
  const passlib =
    '$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44'
  expect(await verify(passlib, 'password')).toBe(true)
})

test('bcrypt is not asked about more than 72 bytes: what came after them nobody knows', async () => {
  const long = 'ä'.repeat(36)
  expect(Buffer.byteLength(long)).toBe(72)
  const stored = hashSync(long, 4)
  expect(await verify(stored, long)).toBe(true)
  expect(await verify(stored, `${long}A`)).toBe(false)
  expect(await verify(hashSync(`${long}A`, 4), `${long}B`)).toBe(false)
})

describe('a hash that is not accepted', () => {
  const key = plain(Buffer.alloc(32))
  test.each([
    '',
    'password',
    '$2b$',
    '$2x$04$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuuabcdefghijk',
    `$2b$31$${'a'.repeat(53)}`,
    `$2b$99$${'a'.repeat(53)}`,
    `$scrypt$ln=30,r=8,p=1$c2FsdA$${key}`,
    `$scrypt$ln=20,r=64,p=1$c2FsdA$${key}`,
    `$scrypt$ln=0,r=8,p=1$c2FsdA$${key}`,
    `$scrypt$ln=10,r=0,p=1$c2FsdA$${key}`,
    '$scrypt$ln=10,r=8,p=1$c2FsdA$AAAA',
    `$pbkdf2-md5$1000$c2FsdA$${key}`,
    `$pbkdf2-sha256$0$c2FsdA$${key}`,
    `$pbkdf2-sha256$99999999$c2FsdA$${key}`,
    '$pbkdf2-sha256$1000$c2FsdA$AAAA',
    `$5$rounds=1000$c2FsdA$${key}`,
  ])('fits nothing, and takes no time: %j', async (stored) => {
    expect(await verify(stored, password)).toBe(false)
  })
})

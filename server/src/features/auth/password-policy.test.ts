/** Passwords: what is long enough and nobody's name, to its last character, and never more than can be hashed. */
import { describe, expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import { type Server, api, givenMember, newEmail, query, signIn } from './testing.ts'

const server: Server = await startServer()
const register = (body: object) => server.anonymous.post(`${api}/auth/register`, body)

describe('a password', () => {
  const accepted = {
    'of 12 characters': 'wharf lintel',
    'of 64 pairs of an emoji and a space': '🦊 '.repeat(64),
    'of 256 emoji': '🦊🐻🐼🐨🐯🦁🐮🐷'.repeat(32),
    'in another script': 'верная лошадь батарея скоба',
    'of 256 characters': 'correct horse battery staple '.repeat(9).slice(0, 256),
  }
  test.each(Object.entries(accepted))('%s is accepted and signs in', async (_name, password) => {
    const { email } = await givenMember(server, { password })
    expect((await signIn(server, email, { password })).status).toBe(200)
    expect((await signIn(server, email, { password: `${password}x` })).status).toBe(401)
  })

  test('counts to its last character, and in its own case', async () => {
    const base = 'correct horse battery staple correct horse battery staple correct horse!'
    expect(base).toHaveLength(72)
    const { email } = await givenMember(server, { password: `${base}A` })
    expect((await signIn(server, email, { password: `${base}B` })).status).toBe(401)
    expect((await signIn(server, email, { password: `${base}a` })).status).toBe(401)
    expect((await signIn(server, email, { password: base })).status).toBe(401)
    expect((await signIn(server, email, { password: `${base}A` })).status).toBe(200)
  })

  test.each([
    ['of 11 characters', 'wharf linte'],
    ['of 6 emoji, though those are 12 units', '🦊🐻🐼🐨🐯🦁'],
    ['of one character repeated', 'aaaaaaaaaaaaaaaa'],
    ['of one character repeated a hundred times', 'a'.repeat(100)],
    ['of 12 characters in a row', 'abcdefg hijk'],
    ['that everybody uses', 'password123456789'],
    ['of the product and a year', 'Ashlar2026!!!'],
  ])('%s is too weak', async (_name, password) => {
    const email = newEmail()
    expect(await register({ email, password })).toMatchObject({
      status: 422,
      body: {
        code: 'auth.weak_password',
        errors: [{ pointer: '/password', message: expect.any(String) }],
        score: expect.any(Number),
        feedback: { suggestions: expect.any(Array) },
      },
    })
    expect(await query(server, 'select id from users_users where email = $1', [email])).toEqual([])
  })

  test('made of one’s own address or username is too weak', async () => {
    const email = `margaret.hamilton.${newEmail()}`
    const local = email.slice(0, email.indexOf('@'))
    const username = 'apollo-guidance'
    for (const password of [`${local}1!`, `Apollo-Guidance99`])
      expect((await register({ email, password, username })).status).toBe(422)
  })

  test('of 257 characters, or a megabyte, is refused before it is hashed', async () => {
    let hashes = 0
    const { passwords } = server.process.context.ports
    const counted = {
      hash: (password: string) => {
        hashes += 1
        return passwords.hash(password)
      },
      verify: (stored: string | null, password: string) => {
        hashes += 1
        return passwords.verify(stored, password)
      },
    }
    Object.assign(server.process.context.ports, { passwords: counted })
    try {
      const email = newEmail()
      for (const password of ['ab cd'.repeat(52).slice(0, 257), 'x'.repeat(1_000_000)])
        expect((await register({ email, password })).status).toBe(422)
      const huge = { email, password: 'x'.repeat(1_000_000) }
      expect((await server.anonymous.post(`${api}/auth/login`, huge)).status).toBe(422)
      expect(hashes).toBe(0)
      expect(await register({ email, password: goodPassword })).toMatchObject({ status: 202 })
      expect(hashes).toBe(1)
    } finally {
      Object.assign(server.process.context.ports, { passwords })
    }
  })
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})

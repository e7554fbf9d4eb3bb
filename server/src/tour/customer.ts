/** Somebody who registers, proves their address and signs in, as customers do. */
import { randomBytes } from 'node:crypto'
import { post, text } from './client.ts'
import { findMailed } from './mailbox.ts'
import type { Guide } from './step.ts'

export type Customer = {
  readonly id: string
  readonly email: string
  readonly password: string
  /** An access token. */
  readonly bearer: string
}

export async function registered(guide: Guide): Promise<Customer> {
  const email = `tour-${randomBytes(6).toString('hex')}@example.com`
  const password = `tour ${randomBytes(12).toString('base64url')}`
  const registration = { email, password, name: 'Bea Tour' }
  await guide.call('a customer registers', post('/auth/register', registration), 202)
  const token = await findMailed(guide, email, { subject: 'Confirm', of: 'token' })
  await guide.call('and proves the address', post('/auth/verify-email', { token }), 200)
  const signedIn = await guide.call(
    'and signs in',
    post('/auth/login', { email, password, mode: 'token' }),
    200,
    () => 'tokens',
  )
  return {
    id: text(signedIn.body, 'data', 'user', 'id'),
    email,
    password,
    bearer: text(signedIn.body, 'data', 'accessToken'),
  }
}

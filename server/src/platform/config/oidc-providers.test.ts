import { describe, expect, test } from 'vitest'
import { formatProblem } from './problem.ts'
import { configOf, givenGoodProduction, newSecret, problemsOf } from './testing.ts'

const acme = {
  id: 'acme',
  name: 'Acme',
  issuer: 'https://id.acme.test/realms/main',
  clientId: 'ashlar',
  clientSecret: newSecret(),
}
const of = (...entries: unknown[]) => ({ OIDC_PROVIDERS: JSON.stringify(entries) })

describe('OIDC_PROVIDERS', () => {
  test('holds providers with all they can have', () => {
    const full = {
      ...acme,
      scopes: ['openid', 'email'],
      audience: 'https://api.acme.test',
      clients: ['mobile'],
      emailDomains: ['acme.test'],
    }
    const second = { ...acme, id: 'two', issuer: 'https://two.acme.test/' }
    expect(problemsOf({ ...givenGoodProduction(), ...of(full, second) })).toEqual([])
    expect(configOf(of(full)).oidcProviders).toBe(JSON.stringify([full]))
  })

  test.each([
    ['no JSON', '{', 'must be a JSON list'],
    ['no list', '{}', 'must be a JSON list'],
    ['no object', '[1]', 'must hold objects (entry 1)'],
    ['nothing in it', '[{}]', 'must have id (entry 1)'],
    ['no issuer', [{ ...acme, issuer: undefined }], 'must have issuer (entry 1)'],
    ['a word we do not know', [{ ...acme, isuer: 'x' }], 'must not have "isuer" (entry 1)'],
    ['an id with a slash', [{ ...acme, id: 'a/b' }], 'must have a proper id (entry 1)'],
    [
      'the id of a preset',
      [{ ...acme, id: 'google' }],
      'must not use the id of a preset (entry 1)',
    ],
    ['an issuer that is no address', [{ ...acme, issuer: 'acme' }], 'must have a proper issuer'],
    [
      'an issuer with a query',
      [{ ...acme, issuer: 'https://a.test?x' }],
      'must have a proper issuer',
    ],
    [
      'an issuer of another scheme',
      [{ ...acme, issuer: 'file:///x' }],
      'must have a proper issuer',
    ],
    ['scopes in one text', [{ ...acme, scopes: 'openid' }], 'must have a proper scopes'],
    ['one id twice', [acme, { ...acme, issuer: 'https://b.test' }], 'names two providers alike'],
    ['one issuer twice', [acme, { ...acme, id: 'b' }], 'has one issuer twice'],
    [
      'an audience that ID tokens have',
      [{ ...acme, audience: acme.clientId }],
      'must have an audience that is not the clientId (entry 1)',
    ],
  ])('with %s is refused, and no secret is shown', (_what, given, message) => {
    const text = typeof given === 'string' ? given : JSON.stringify(given)
    const problems = problemsOf({ OIDC_PROVIDERS: text })
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toContain(message)
    expect(problems.map(formatProblem).join()).not.toContain(acme.clientSecret)
  })

  test('in production has https issuers and no sample secrets', () => {
    const insecure = { ...acme, issuer: 'http://id.acme.test' }
    expect(problemsOf({ ...givenGoodProduction(), ...of(insecure) })).toEqual([
      expect.objectContaining({ name: 'OIDC_PROVIDERS', kind: 'unsafe' }),
    ])
    expect(problemsOf(of(insecure))).toEqual([])
    const sample = { ...acme, clientSecret: 'changeme' }
    expect(problemsOf({ ...givenGoodProduction(), ...of(sample) })).toEqual([
      expect.objectContaining({ name: 'OIDC_PROVIDERS', kind: 'weak' }),
    ])
  })
})

test('a preset has both halves of its client, or none', () => {
  expect(problemsOf({ OIDC_GOOGLE_CLIENT_ID: 'x' })).toEqual([
    expect.objectContaining({ name: 'OIDC_GOOGLE_CLIENT_SECRET', kind: 'missing' }),
  ])
  expect(problemsOf({ GITHUB_CLIENT_SECRET: newSecret() })).toEqual([
    expect.objectContaining({ name: 'OIDC_GITHUB_CLIENT_ID', kind: 'missing' }),
  ])
})

test('the issuer of a Cognito pool follows from its id', () => {
  const pool = { COGNITO_USER_POOL_ID: 'eu-central-1_AbCdEfGhI', COGNITO_CLIENT_ID: 'abc' }
  expect(configOf(pool).cognitoIssuer).toBe(
    'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI',
  )
  const standIn = { ...givenGoodProduction(), ...pool, COGNITO_ISSUER: 'http://127.0.0.1:9100' }
  expect(problemsOf(standIn)).toEqual([
    expect.objectContaining({ name: 'COGNITO_ISSUER', kind: 'unsafe' }),
  ])
})

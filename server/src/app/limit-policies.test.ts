/** Limits that any setting allows can be enforced: none of them keeps the server from starting. */
import { expect, test } from 'vitest'
import { policiesByName } from '../platform/limits/policy.ts'
import { limitPolicies } from './limit-policies.ts'
import { testSettings } from './testing.ts'

test.each(['1', '10', '334', '1000'])('AUTH_RATE_LIMIT_REQUESTS may be %s', (requests) => {
  const policies = limitPolicies(testSettings({ AUTH_RATE_LIMIT_REQUESTS: requests }))
  expect(policiesByName(policies).size).toBe(policies.length)
})

test('more than can be counted hit by hit is refused as a setting, not by a server that does not start', () => {
  expect(() => testSettings({ AUTH_RATE_LIMIT_REQUESTS: '1001' })).toThrow('AUTH_RATE_LIMIT')
})

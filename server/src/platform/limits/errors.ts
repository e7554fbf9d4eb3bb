/** How a rate limit says no. */
import { defineErrors } from '../errors.ts'

export const limitErrors = defineErrors('rate_limit', {
  exceeded: [429, 'Too many requests.'],
  store_unavailable: [503, 'Requests of this kind cannot be counted right now.'],
})

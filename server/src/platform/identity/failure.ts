/** Why a provider named nobody. */
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client'
import { errors as joseErrors } from 'jose'

/** `denied`: somebody said no there. `unavailable`: no answer. `refused`: an answer that proves nothing. */
export type FailureReason = 'denied' | 'unavailable' | 'refused'

/** Messages carry no tokens, codes or addresses: they go to the log. */
export class IdentityFailure extends Error {
  override readonly name = 'IdentityFailure'
  readonly reason: FailureReason

  constructor(reason: FailureReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }

  static of(error: unknown): IdentityFailure {
    if (error instanceof IdentityFailure) return error
    if (error instanceof AuthorizationResponseError)
      return error.error === 'access_denied'
        ? new IdentityFailure('denied', 'the user said no')
        : new IdentityFailure('refused', `the provider answered ${shown(error.error)}`)
    if (error instanceof ResponseBodyError)
      return new IdentityFailure('refused', `the provider answered ${shown(error.error)}`)
    if (error instanceof joseErrors.JOSEError)
      return new IdentityFailure('refused', `the ID token is not valid: ${error.code}`)
    if (error instanceof ClientError && error.code === 'OAUTH_RESPONSE_IS_NOT_CONFORM')
      return new IdentityFailure('unavailable', 'the provider answered with an error')
    if (error instanceof ClientError && error.code !== undefined && !isTimeout(error.code))
      return new IdentityFailure('refused', `${error.message} (${error.code})`)
    return new IdentityFailure('unavailable', 'the provider cannot be reached', { cause: error })
  }
}

const isTimeout = (code: string) => code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT'

/** What a stranger wrote, fit for a log. */
const shown = (text: string) => JSON.stringify(text.slice(0, 60).replace(/[^\w .:-]/g, '?'))

/** The gate in front of all administration: whoever has an authenticator has shown a code of it lately, in this session. */
import type { FastifyRequest } from 'fastify'
import { type ContextDeps, createCtx } from '../../platform/context.ts'
import { accessErrors } from '../../platform/http/errors.ts'
import type { Administration, Caller } from '../../platform/http/index.ts'
import { elevate } from '../auth/index.ts'
import { twofaErrors } from '../twofa/index.ts'
import { errors } from './errors.ts'

export function openAdministration(deps: ContextDeps): Administration {
  const elevationSeconds = deps.settings.adminElevation
  const isElevated = ({ elevatedAt }: Caller) =>
    elevatedAt !== null && Date.now() - elevatedAt.getTime() <= elevationSeconds * 1000

  async function admit(request: FastifyRequest): Promise<Caller> {
    const { caller } = request
    const { actor, hasAuthenticator } = caller
    const isRequired = request.routeOptions.config.elevation === 'required'
    if (actor.sessionId === null && (isRequired || hasAuthenticator))
      throw accessErrors.session_required()
    if (!hasAuthenticator && !isRequired) return caller
    if (isElevated(caller)) return caller
    const code = request.headers['x-admin-mfa-code']
    if (!hasAuthenticator || typeof code !== 'string')
      throw errors.mfa_required({ hasAuthenticator, elevationSeconds })
    const elevatedAt = await elevate(createCtx(deps, { actor, requestId: request.id }), code)
    return { ...caller, elevatedAt, provenAt: elevatedAt }
  }

  return {
    limit: 'admin_client',
    admit,
    errors: [
      accessErrors.session_required,
      errors.mfa_required,
      twofaErrors.code_refused,
      twofaErrors.too_many_wrong_codes,
    ],
  }
}

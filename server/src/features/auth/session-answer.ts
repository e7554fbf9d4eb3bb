/** What every door of sign-in answers: a session, or the request for a second factor; and what it asks of the request. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { parse as parseCookies } from 'cookie'
import { Type } from 'typebox'
import { type CsrfKey, issueCsrfToken } from '../../platform/http/index.ts'
import { Time, choice } from '../../platform/http/schemas.ts'
import { SessionFields } from '../twofa/index.ts'
import { Account, presentAccount } from '../users/index.ts'
import {
  clearCookie,
  deviceCookie,
  preLoginCookie,
  sessionBinding,
  sessionCookie,
  setCookie,
  trustedCookie,
} from './cookies.ts'
import type { Impersonated } from './impersonated-sessions.ts'
import { deviceCookieSeconds } from './known-devices.ts'
import type { Renewed } from './renewals.ts'
import type { Opened, Opening, SignedIn } from './sign-in.ts'

export const Mode = choice(
  ['cookie', 'token'],
  'A browser session in a cookie, or an access and a refresh token.',
)

export const Tokens = {
  accessToken: Type.String(),
  refreshToken: Type.String(),
  expiresIn: Type.Integer({ description: 'Seconds until the access token expires.' }),
}

export const Session = Type.Object({ user: Account, ...SessionFields })

/** A renewed session, in an answer that may go without. */
export const RenewedFields = Type.Partial(Type.Object(SessionFields)).properties

const SecondFactorWanted = Type.Object({
  twoFactorRequired: Type.Literal(true),
  pendingToken: Type.String({
    description: 'For `POST /auth/login/verify-2fa`; it opens that step and nothing else.',
  }),
  methods: Type.Array(choice(['totp', 'backup_code', 'passkey'])),
  expiresAt: Time,
})

/** The answer of a door that a user with a second factor may use. */
export const SignInAnswer = Type.Union([Session, SecondFactorWanted])

export type AnswerSettings = { readonly csrfKey: CsrfKey; readonly sessionSeconds: number }

export function presentSignIn(reply: FastifyReply, opened: Opened, settings: AnswerSettings) {
  if (!('held' in opened)) return presentSession(reply, opened, settings)
  reply.request.isHeld = true
  const { expiresAt, methods, pendingToken } = opened.held
  return {
    twoFactorRequired: true as const,
    pendingToken,
    methods: [...methods],
    expiresAt: expiresAt.toISOString(),
  }
}

export function presentSession(
  reply: FastifyReply,
  { user, sessionId, cookie, deviceToken, tokens, roles }: SignedIn,
  { csrfKey, sessionSeconds }: AnswerSettings,
) {
  if (cookie !== null) {
    setCookie(reply, sessionCookie, cookie, sessionSeconds)
    clearCookie(reply, preLoginCookie)
  }
  if (deviceToken !== null) setCookie(reply, deviceCookie, deviceToken, deviceCookieSeconds)
  return {
    user: presentAccount(user, roles),
    csrfToken: issueCsrfToken(csrfKey, sessionBinding(sessionId)),
    ...tokens,
  }
}

/** A session in somebody else's account: nothing refreshes it, and no device is remembered. */
export const ImpersonatedSession = Type.Object({
  user: Account,
  csrfToken: Session.properties.csrfToken,
  accessToken: Type.Optional(Tokens.accessToken),
  expiresAt: Type.String({ format: 'date-time', description: 'Nothing makes it last longer.' }),
})

export function presentImpersonated(
  reply: FastifyReply,
  { user, roles, sessionId, expiresAt, cookie, accessToken }: Impersonated,
  { csrfKey }: AnswerSettings,
) {
  if (cookie !== null) {
    setCookie(reply, sessionCookie, cookie, Math.ceil((expiresAt.getTime() - Date.now()) / 1000))
    clearCookie(reply, preLoginCookie)
  }
  return {
    user: presentAccount(user, roles),
    csrfToken: issueCsrfToken(csrfKey, sessionBinding(sessionId)),
    expiresAt: expiresAt.toISOString(),
    ...(accessToken === null ? {} : { accessToken }),
  }
}

/** The caller's session under its new id; the old cookie, CSRF token and tokens are dead. */
export function presentRenewed(
  reply: FastifyReply,
  { sessionId, cookie, tokens, expiresAt }: Renewed,
  { csrfKey }: Pick<AnswerSettings, 'csrfKey'>,
) {
  const leftSeconds = Math.ceil((expiresAt.getTime() - Date.now()) / 1000)
  if (cookie !== null) setCookie(reply, sessionCookie, cookie, leftSeconds)
  return { csrfToken: issueCsrfToken(csrfKey, sessionBinding(sessionId)), ...tokens }
}

export function openingOf(request: FastifyRequest, mode: Opening['mode']): Opening {
  const { actor, credential } = request.caller
  const cookies = parseCookies(request.headers.cookie ?? '')
  return {
    mode,
    device: { ip: request.clientIp, userAgent: request.headers['user-agent'] ?? null },
    replaces: credential === 'cookie' ? actor.sessionId : null,
    trustToken: cookies[trustedCookie] ?? null,
    deviceToken: cookies[deviceCookie] ?? null,
  }
}

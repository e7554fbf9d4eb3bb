/** The cookies of the browser: `__Host-` ones, which no sibling domain and no plain connection can set. */
import { randomBytes } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { stringifySetCookie } from 'cookie'

export const sessionCookie = '__Host-ashlar_session'
/** Stands for a visitor without a session, so that a sign-in form can carry a CSRF token too. */
export const preLoginCookie = '__Host-ashlar_visitor'

/** A browser that its user trusts: no second factor is asked for there for a while. */
export const trustedCookie = '__Host-ashlar_trusted'

/** A browser that somebody has signed in from before. */
export const deviceCookie = '__Host-ashlar_device'

/**
 * What the CSRF tokens of a session and of a visitor are bound to. The two must never meet: visitors choose the value
 * of their cookie, and could choose the id of somebody's session.
 */
export const sessionBinding = (sessionId: string) => `session:${sessionId}`
export const visitorBinding = (visitor: string) => `visitor:${visitor}`

/** A visitor's cookie is only worth something while the form is open. */
const visitorSeconds = 3600

/** Makes a stranger's browser one that can be told from others. */
export function newVisitor(reply: FastifyReply): string {
  const visitor = randomBytes(24).toString('base64url')
  setCookie(reply, preLoginCookie, visitor, visitorSeconds)
  return visitor
}

export function setCookie(
  reply: FastifyReply,
  name: string,
  value: string,
  maxAgeSeconds: number,
): void {
  void reply.header(
    'set-cookie',
    stringifySetCookie({
      name,
      value,
      path: '/',
      secure: true,
      httpOnly: true,
      sameSite: 'lax',
      maxAge: maxAgeSeconds,
    }),
  )
}

export function clearCookie(reply: FastifyReply, name: string): void {
  setCookie(reply, name, '', 0)
}

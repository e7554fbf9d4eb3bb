/**
 * What this room needs of the one that keeps passwords and sessions. That room opens this one's door, so it cannot be
 * asked through a door of its own: app/ hands it in.
 */
import type { FastifyReply } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import type { ErrorType } from '../../platform/errors.ts'

/** By what a session goes on, in the words of every answer that begins or renews one. */
export const SessionFields = {
  csrfToken: Type.String({ description: 'For the `X-CSRF-Token` header of cookie requests.' }),
  accessToken: Type.Optional(Type.String()),
  refreshToken: Type.Optional(Type.String()),
  expiresIn: Type.Optional(
    Type.Integer({ description: 'Seconds until the access token expires.' }),
  ),
}
const Fields = Type.Object(SessionFields)

/** Puts the renewed session in the answer: its cookie, or the fields with its tokens. */
export type PresentSession = (reply: FastifyReply) => Static<typeof Fields>

export type Keeper = {
  /** Throws `wrongPassword` unless this is the caller's password. */
  requirePassword(ctx: Ctx, password: string): Promise<void>
  readonly wrongPassword: ErrorType
  /** Accounts that are opened by a passkey, an identity or mail alone have none. */
  hasPassword(ctx: ReadCtx, userId: string): Promise<boolean>
  /** Ends every session of a user but one. */
  endOtherSessions(tx: TxCtx, userId: string, keptSessionId: string | null): Promise<void>
  /**
   * Prepares that the caller's session goes on under a new id, and the old one ends; what it returns is run in the
   * transaction that changes what the session may do. Throws `tokens.unavailable` (503) before anything has changed.
   */
  prepareRenewal(ctx: Ctx): Promise<(tx: TxCtx) => Promise<PresentSession>>
}

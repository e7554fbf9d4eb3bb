/** Mail that development captured: kept in a table, so that every process shows the same mailbox. */
import { desc, eq, sql } from 'drizzle-orm'
import { Type } from 'typebox'
import type { Db } from '../platform/db/index.ts'
import type { App } from '../platform/http/index.ts'
import {
  type CapturedMail,
  extractLinks,
  mailboxContentSecurityPolicy,
  renderMailboxPage,
} from '../platform/mail/index.ts'
import { capturedMails } from '../platform/tables.ts'

export const mailboxPath = '/dev/mailbox'
/** Newest mails kept and shown. */
const keptMails = 500
const shownMails = 100

/** Keeps one row per message: a repeated job writes its mail again, under the same id. */
export async function captureMail(db: Db, mail: CapturedMail): Promise<void> {
  const { from, to, subject, text, html, headers, messageId } = mail
  await db
    .insert(capturedMails)
    .values({ messageId, from, to: to.toLowerCase(), subject, text, html, headers })
    .onConflictDoNothing({ target: capturedMails.messageId })
  await db.execute(
    sql`delete from ${capturedMails} where ${capturedMails.at} < (select ${capturedMails.at} from ${capturedMails} order by ${capturedMails.at} desc offset ${keptMails} limit 1)`,
  )
}

/** `GET /dev/mailbox`: JSON, or a page for a browser. Only registered outside production. */
export async function mailboxRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.get(mailboxPath, {
    config: { public: true, isBare: true },
    schema: { querystring: Type.Object({ to: Type.Optional(Type.String({ maxLength: 320 })) }) },
    handler: async (request, reply) => {
      const { to } = request.query
      const mails = await db
        .select()
        .from(capturedMails)
        .where(to === undefined ? undefined : eq(capturedMails.to, to.trim().toLowerCase()))
        .orderBy(desc(capturedMails.at), desc(capturedMails.id))
        .limit(shownMails)
      if (!request.headers.accept?.includes('text/html'))
        return reply
          .type('application/json; charset=utf-8')
          .serializer(JSON.stringify)
          .send({ data: mails.map(present) })
      const messages = mails.map(({ at, ...mail }) => ({
        ...mail,
        capturedAt: at,
        headers: mail.headers as Record<string, string>,
      }))
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', mailboxContentSecurityPolicy)
        .serializer((page: string) => page)
        .send(renderMailboxPage(messages, { jsonUrl: mailboxPath }))
    },
  })
}

const present = ({ id, from, to, subject, text, html, at }: typeof capturedMails.$inferSelect) => ({
  id,
  from,
  to,
  subject,
  text,
  html,
  links: extractLinks(text),
  at: at.toISOString(),
})

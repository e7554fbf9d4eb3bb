/** HTTP: mails that went out, and one to oneself. */
import { Type } from 'typebox'
import { accessErrors } from '../../platform/http/errors.ts'
import { type App, dataOf, listOf, pageQuery, presentPage } from '../../platform/http/index.ts'
import { defaultLimit } from '../../platform/http/pagination.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { type Delivery, getDelivery, listDeliveries, states } from './deliveries.ts'
import { errors } from './errors.ts'
import { sendTestMail } from './sending.ts'

const base = '/admin/mails'
const Id = Type.String({ format: 'uuid' })
const MailView = Type.Object({
  id: Id,
  state: choice(states, '`captured`: kept here instead of sent, as in development.'),
  userId: nullable(Type.String()),
  to: nullable(
    Type.String({ description: 'Of what was sent: the address that the account has now.' }),
  ),
  template: nullable(Type.String()),
  locale: nullable(Type.String()),
  subject: nullable(Type.String({ description: 'Of what was captured; never in production.' })),
  answer: nullable(Type.String({ description: 'What the mail server said.' })),
  requestId: Type.String(),
  at: Time,
})
const DetailView = Type.Object({
  ...MailView.properties,
  text: nullable(Type.String({ description: 'Of what was captured; never in production.' })),
  html: nullable(Type.String({ description: 'To be shown in a sandboxed frame.' })),
})

export async function mailRoutes(app: App) {
  app.get(base, {
    config: { can: 'mail.read' },
    schema: {
      operationId: 'mail.list',
      summary: 'Mails that were sent, captured or refused, newest first',
      description: 'What waits to be sent is a job of the queue `mail`: `GET /admin/jobs`.',
      querystring: Type.Object({
        ...pageQuery,
        state: Type.Optional(choice(states)),
        userId: Type.Optional(Id),
      }),
      response: { 200: listOf(MailView) },
    },
    handler: async (request, reply) => {
      const { limit = defaultLimit, ...filter } = request.query
      return presentPage(
        request,
        reply,
        await listDeliveries(request.ctx, { ...filter, limit }),
        present,
      )
    },
  })

  app.get(`${base}/:id`, {
    config: { can: 'mail.read', errors: [errors.not_found] },
    schema: {
      operationId: 'mail.get',
      summary: 'One mail, with its text where it was captured',
      params: Type.Object({ id: Id }),
      response: { 200: dataOf(DetailView) },
    },
    handler: async ({ ctx, params }) => {
      const { text, html, ...mail } = await getDelivery(ctx, params.id)
      return { data: { ...present(mail), text, html } }
    },
  })

  app.post(`${base}/test`, {
    config: {
      can: 'mail.send_test',
      idempotency: 'off',
      limits: [{ policy: 'operations_test_user', by: 'user' }],
      errors: [accessErrors.session_required],
    },
    schema: {
      operationId: 'mail.sendTest',
      summary: 'Send a mail to your own address, now',
      description: 'That it was not sent is an answer, too: with what the mail server said.',
      response: {
        200: dataOf(
          Type.Object({
            to: Type.String(),
            driver: Type.String(),
            isSent: Type.Boolean({ description: 'Or captured, where mail is.' }),
            answer: nullable(Type.String()),
          }),
        ),
      },
    },
    handler: async ({ ctx }) => ({ data: await sendTestMail(ctx) }),
  })
}

const present = ({ at, ...mail }: Delivery) => ({ ...mail, at: at.toISOString() })

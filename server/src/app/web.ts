/** The web application as it was built (web/): one page for all its addresses, and the files which that page loads. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import type { App } from '../platform/http/index.ts'
import { sendPage } from '../platform/http/pages.ts'

/** Where `npm run build` puts it. */
const builtFolder = fileURLToPath(new URL('../../dist/web/', import.meta.url))
/** Names of files change with their content. */
const forever = 'public, max-age=31536000, immutable'
const nonceMark = '__STYLE_NONCE__'
const mailboxMark = '__MAILBOX__'

/** What a person may open by its address; the application itself knows what is there (web/src/app/router.tsx). */
const addresses = [
  '/',
  '/sign-in',
  '/register',
  '/setup',
  '/account',
  '/account/*',
  '/admin',
  '/admin/*',
]

/** `mailbox`: where captured mail is shown, which people are told while they wait for it; null where mail is sent. */
export async function webRoutes(
  app: App,
  { mailbox }: { readonly mailbox: string | null },
): Promise<void> {
  const page = readPage()?.replace(mailboxMark, mailbox ?? '') ?? null
  await app.register(fastifyStatic, { root: builtFolder, serve: false, preCompressed: true })
  for (const address of addresses)
    app.get(address, {
      config: { public: true, isBare: true },
      handler: async (_request, reply) =>
        page === null ? sendUnbuilt(reply) : sendWeb(reply, page),
    })
  app.get('/assets/*', {
    config: { public: true, isBare: true },
    handler: (request, reply) => {
      const { '*': name } = request.params as { '*': string }
      return reply
        .header('cache-control', forever)
        .sendFile(`assets/${name}`, { cacheControl: false })
    },
  })
}

function readPage(): string | null {
  const file = `${builtFolder}index.html`
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}

/** Nothing runs and nothing is styled but what we built: its style sheets are files, and those it adds carry the nonce. */
function sendWeb(reply: FastifyReply, page: string): FastifyReply {
  const nonce = randomBytes(16).toString('base64url')
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "form-action 'none'",
  ]
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy.join('; '))
    .serializer((text: string) => text)
    .send(page.replace(nonceMark, nonce))
}

const sendUnbuilt = (reply: FastifyReply) =>
  sendPage(reply.code(503), {
    title: 'Not built yet',
    isNarrow: true,
    body: '<h1>The web application is not built</h1><p>Run <code>npm run build</code>, then start again. <code>npm start</code> does both. The API works without it.</p>',
  })

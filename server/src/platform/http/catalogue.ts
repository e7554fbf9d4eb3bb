/** The list of every error code: where a problem's `type` leads. */
import type { ErrorCatalogue, ErrorType } from '../errors.ts'
import { basePath } from './aliases.ts'
import type { App } from './app.ts'
import { escapeHtml, sendPage } from './pages.ts'

/** Every code of these catalogues, sorted; a code declared twice with different words is an error. */
export function errorsOf(catalogues: readonly ErrorCatalogue[]): readonly ErrorType[] {
  const all = catalogues.flatMap((catalogue) => Object.values(catalogue))
  const codes = new Set(all.map(({ code }) => code))
  if (codes.size !== all.length) throw new Error('an error code is declared twice')
  return all.toSorted((left, right) => (left.code < right.code ? -1 : 1))
}

export async function catalogueRoutes(app: App, errors: readonly ErrorType[]): Promise<void> {
  app.get(`${basePath}/errors`, {
    config: { public: true, isBare: true },
    schema: { hide: true },
    handler: async (request, reply) => {
      if (!request.headers.accept?.includes('text/html'))
        return reply
          .type('application/json; charset=utf-8')
          .serializer(JSON.stringify)
          .send({
            data: errors.map(({ code, status, message, remedy }) => ({
              code,
              status,
              message,
              remedy,
            })),
          })
      const rows = errors.map(
        ({ code, status, message, remedy }) =>
          `<tr id="${escapeHtml(code)}"><td><code>${escapeHtml(code)}</code></td><td>${status}</td><td>${asHtml(message)}</td><td>${asHtml(remedy)}</td></tr>`,
      )
      return sendPage(reply, {
        title: 'Error codes',
        body: `<h1>Error codes</h1><table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th><th>Remedy</th></tr></thead><tbody>${rows.join('')}</tbody></table>`,
      })
    },
  })
}

/** What stands between backticks is code here, too. */
const asHtml = (text: string) => escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')

/** The same list as Markdown, for the docs. */
export function renderErrorDoc(errors: readonly ErrorType[]): string {
  const rows = errors.map(
    ({ code, status, message, remedy }) => `| \`${code}\` | ${status} | ${message} | ${remedy} |`,
  )
  return [
    '# Error codes',
    '',
    'Generated from the code by `npm run drift -- --write`; do not edit. Every error is answered as `application/problem+json` with one of these in `code`.',
    '',
    '| Code | Status | Meaning | Remedy |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

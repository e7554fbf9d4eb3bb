/**
 * The few pages the server shows without the web application: what mails lead to, the list of errors.
 * Each is static HTML with at most one script of ours, allowed by its hash.
 */
import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { Language } from './languages.ts'

export type PageContent = {
  readonly title: string
  /** Trusted HTML; put every foreign text through `escapeHtml`. */
  readonly body: string
  /** One inline script; it may talk to our own API and nothing else. */
  readonly script?: string
  /** What it is written in; English, where it is not said. */
  readonly language?: Language
}

/** The looks of the web application (web/src/app/theme.ts), as far as a page needs them. */
const style = `:root{color-scheme:light dark;--ink:#000;--quiet:#495057;--paper:#fff;--card:#fff;--line:#ced4da;--accent:#2f5d50;--link:#2f5d50}
@media (prefers-color-scheme:dark){:root{--ink:#c9c9c9;--quiet:#b8b8b8;--paper:#242424;--card:#2e2e2e;--line:#424242;--accent:#2f7a5f;--link:#8ac1ac}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1rem}main.narrow{max-width:26.75rem;margin:1rem auto;padding:2rem;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
header{max-width:26.75rem;margin:2rem auto 0}header a{display:inline-flex;gap:.6rem;align-items:center;color:inherit;font-weight:700;font-size:1.125rem;text-decoration:none}
@media (max-width:28.75rem){header{margin:2rem 1rem 0}main.narrow{margin:1rem;padding:1rem}}
h1{font-size:1.625rem;line-height:1.35;margin:0 0 1rem}
label{display:block;margin:.9rem 0 .25rem;font-weight:500}input{width:100%;padding:.55rem .75rem;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.5rem}
button{margin-top:1.2rem;padding:.55rem 1.1rem;font:inherit;font-weight:600;border:1px solid transparent;border-radius:.5rem;background:var(--accent);color:#fff;cursor:pointer}
button:disabled{opacity:.6;cursor:progress}:focus-visible{outline:2px solid var(--link);outline-offset:2px}
button.quiet{background:none;color:inherit;border-color:var(--line)}p.hint{color:var(--quiet);margin:.25rem 0 0}[role=status]{margin-top:1rem;min-height:1.5rem}
table{width:100%;border-collapse:collapse;display:block;overflow-x:auto}th,td{text-align:left;padding:.45rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
tr:target{background:color-mix(in srgb,var(--accent) 18%,transparent)}code{font-size:.9em}a{color:var(--link)}`

/** The mark of the house (web/src/ashlar.svg); it leads to the application's start. */
const brand = `<header><a href="/"><svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#2f5d50"/><path fill="#f4f1ea" d="M6 7h12v5H6zm14 0h6v5h-6zM6 14h6v5H6zm8 0h12v5H14zM6 21h12v5H6zm14 0h6v5h-6z"/></svg>Ashlar</a></header>`

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Sends a whole page under a policy that allows its own style and script and nothing else. */
export function sendPage(
  reply: FastifyReply,
  page: PageContent & { readonly isNarrow?: boolean },
): FastifyReply {
  const script = page.script ? `<script>${page.script}</script>` : ''
  const html = `<!doctype html><html lang="${page.language ?? 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(page.title)} · Ashlar</title><style>${style}</style></head><body>${page.isNarrow ? brand : ''}<main${page.isNarrow ? ' class="narrow"' : ''}>${page.body}</main>${script}</body></html>`
  const policy = [
    "default-src 'none'",
    `style-src ${sha256(style)}`,
    page.script ? `script-src ${sha256(page.script)}` : null,
    "connect-src 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "form-action 'none'",
  ]
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy.filter((part) => part !== null).join('; '))
    .serializer((text: string) => text)
    .send(html)
}

/** Text made safe for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

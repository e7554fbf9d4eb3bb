/**
 * The few pages the server shows without the web application: confirming an address, the installer, the error list.
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

const style = `:root{color-scheme:light dark;--ink:#1c1f23;--quiet:#5b626b;--paper:#fafaf8;--card:#fff;--line:#d9d9d3;--accent:#2f5d50}
@media (prefers-color-scheme:dark){:root{--ink:#eceae4;--quiet:#a2a7ad;--paper:#16181a;--card:#1f2225;--line:#383c40;--accent:#8fc9b5}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1rem}main.narrow{max-width:26rem}h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}
label{display:block;margin:.9rem 0 .25rem;font-weight:600}input{width:100%;padding:.6rem .7rem;font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:.4rem}
button{margin-top:1.2rem;padding:.65rem 1.1rem;font:inherit;font-weight:600;border:0;border-radius:.4rem;background:var(--accent);color:var(--paper);cursor:pointer}
button:disabled{opacity:.6;cursor:progress}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
button.quiet{background:none;color:var(--accent);border:1px solid var(--line)}p.hint{color:var(--quiet);margin:.25rem 0 0}[role=status]{margin-top:1rem;min-height:1.5rem}
table{width:100%;border-collapse:collapse;display:block;overflow-x:auto}th,td{text-align:left;padding:.45rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
tr:target{background:color-mix(in srgb,var(--accent) 18%,transparent)}code{font-size:.9em}a{color:var(--accent)}`

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Sends a whole page under a policy that allows its own style and script and nothing else. */
export function sendPage(
  reply: FastifyReply,
  page: PageContent & { readonly isNarrow?: boolean },
): FastifyReply {
  const script = page.script ? `<script>${page.script}</script>` : ''
  const html = `<!doctype html><html lang="${page.language ?? 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(page.title)} · Ashlar</title><style>${style}</style></head><body><main${page.isNarrow ? ' class="narrow"' : ''}>${page.body}</main>${script}</body></html>`
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

/** The development mailbox as one HTML page: list, preview, links. No script; everything a mail says is escaped. */
import { escapeHtml } from './html.ts'
import { extractLinks } from './links.ts'

/** One captured mail as the page shows it. */
export type MailboxMessage = {
  readonly id: string
  readonly capturedAt: Date
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly headers: Readonly<Record<string, string>>
  readonly messageId: string
}

export type MailboxPageOptions = {
  readonly title?: string
  /** Where the same messages are as JSON; linked when given. */
  readonly jsonUrl?: string
}

/**
 * To be sent with the page, and only with it. `'unsafe-inline'` covers styles alone: the page's own
 * and, as a frame by `srcdoc` inherits its parent's policy, those of the mails.
 */
export const mailboxContentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const style = `
:root{color-scheme:light dark;--ink:#1b1f27;--quiet:#5a6270;--page:#f2f4f7;--card:#fff;--line:#dfe3ea;--accent:#234fbf;--tint:#e8eefc}
@media (prefers-color-scheme:dark){:root{--ink:#f0f2f5;--quiet:#a3a9b5;--page:#15171c;--card:#1f2229;--line:#343944;--accent:#a9c1ff;--tint:#27324d}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}
a{color:var(--accent)}a:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
header{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:baseline;padding:16px;border-bottom:1px solid var(--line);background:var(--card)}
h1{margin:0;font-size:20px}header p{margin:0;color:var(--quiet);font-size:14px;flex:1 1 auto}
.empty{margin:15vh auto;max-width:28rem;padding:0 16px;text-align:center;color:var(--quiet)}
.split{display:grid;gap:16px;padding:16px;max-width:1400px;margin:0 auto}
nav ol{list-style:none;margin:0;padding:0;border:1px solid var(--line);border-radius:12px;overflow:auto;background:var(--card);max-height:38vh}
nav li+li{border-top:1px solid var(--line)}
nav a{display:block;padding:10px 14px;color:inherit;text-decoration:none;overflow-wrap:anywhere}
nav a:hover{background:var(--tint)}nav strong{display:block;font-weight:600}
nav span,.meta{color:var(--quiet);font-size:13px}
article{display:none;min-width:0;border:1px solid var(--line);border-radius:12px;background:var(--card);padding:16px;scroll-margin-top:16px}
article:target,main:not(:has(:target)) article:first-of-type{display:block}
h2{margin:0 0 4px;font-size:19px;overflow-wrap:anywhere}.meta{margin:0 0 12px;overflow-wrap:anywhere}
.links{margin:0 0 12px;padding:10px 14px;background:var(--tint);border-radius:8px;font-size:14px;overflow-wrap:anywhere}
.links ul{margin:4px 0 0;padding-left:18px}
iframe{display:block;width:100%;height:min(70vh,640px);border:1px solid var(--line);border-radius:8px;background:var(--page)}
details{margin-top:12px}summary{cursor:pointer;font-weight:600;font-size:14px}
pre{margin:8px 0 0;padding:12px;border-radius:8px;background:var(--page);overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}
@media (min-width:860px){.split{grid-template-columns:minmax(260px,340px) minmax(0,1fr);align-items:start}nav{position:sticky;top:16px}nav ol{max-height:calc(100vh - 32px)}}
`

/** `messages` newest first, already bounded by the caller: every one of them is on the page. */
export function renderMailboxPage(
  messages: readonly MailboxMessage[],
  options: MailboxPageOptions = {},
): string {
  const title = escapeHtml(options.title ?? 'Development mailbox')
  const json = options.jsonUrl ? ` · <a href="${escapeHtml(options.jsonUrl)}">JSON</a>` : ''
  const count = messages.length === 1 ? '1 mail' : `${messages.length} mails`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title} (${messages.length})</title>
<style>${style}</style>
</head>
<body>
<header><h1>${title}</h1><p>${count}, newest first. Nothing here left this machine.</p>
<div><a href="?">Refresh</a>${json}</div></header>
${messages.length === 0 ? renderEmpty() : renderSplit(messages)}
</body>
</html>
`
}

function renderEmpty(): string {
  return '<main class="empty"><h2>No mail yet</h2><p>Sign up, reset a password or invite somebody: what would have been sent appears here.</p></main>'
}

function renderSplit(messages: readonly MailboxMessage[]): string {
  const entries = messages.map((message, index) => renderEntry(message, index)).join('\n')
  const articles = messages.map((message, index) => renderArticle(message, index)).join('\n')
  return `<div class="split">
<nav aria-label="Mails"><ol>
${entries}
</ol></nav>
<main>
${articles}
</main>
</div>`
}

function renderEntry(message: MailboxMessage, index: number): string {
  return `<li><a href="#${anchor(message, index)}"><strong>${escapeHtml(message.subject)}</strong><span>${escapeHtml(message.to)} · ${renderTime(message.capturedAt)}</span></a></li>`
}

function renderArticle(message: MailboxMessage, index: number): string {
  const id = anchor(message, index)
  const headers = [
    `Message-ID: ${message.messageId}`,
    ...Object.entries(message.headers).map(([name, value]) => `${name}: ${value}`),
  ].join('\n')
  return `<article id="${id}" aria-labelledby="${id}-subject">
<h2 id="${id}-subject">${escapeHtml(message.subject)}</h2>
<p class="meta">To ${escapeHtml(message.to)} · from ${escapeHtml(message.from)} · ${renderTime(message.capturedAt)}</p>
${renderLinks(extractLinks(message.text))}
<iframe sandbox loading="lazy" title="The mail as HTML" srcdoc="${escapeHtml(message.html)}"></iframe>
<details><summary>Plain text</summary><pre>${escapeHtml(message.text)}</pre></details>
<details><summary>Headers</summary><pre>${escapeHtml(headers)}</pre></details>
</article>`
}

/** The frame lets no link out, so they are offered here. */
function renderLinks(links: readonly string[]): string {
  if (links.length === 0) return ''
  const items = links.map(
    (link) =>
      `<li><a href="${escapeHtml(link)}" rel="noopener noreferrer">${escapeHtml(link)}</a></li>`,
  )
  return `<div class="links">Links in this mail<ul>${items.join('')}</ul></div>`
}

function renderTime(moment: Date): string {
  const iso = moment.toISOString()
  return `<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`
}

function anchor(message: MailboxMessage, index: number): string {
  return `mail-${message.id.replaceAll(/[^A-Za-z0-9-]/g, '') || index}`
}

/** Turns one description of a mail into its two renderings: accessible HTML, and the plain text that says the same. */
import type { Block, MailContent, MailProduct } from './blocks.ts'
import { errors } from './errors.ts'
import { escapeHtml, oneLine } from './html.ts'
import { frameWords } from './locales.ts'
import type { MailLocale } from './locales.ts'

export type RenderedMail = {
  readonly subject: string
  readonly html: string
  readonly text: string
}
/** With what it was made from, for the record. */
export type WrittenMail = RenderedMail & { readonly template: string; readonly locale: MailLocale }

export type RenderOptions = { readonly locale: MailLocale; readonly product: MailProduct }

/** Headers are folded and encoded by the drivers; a subject longer than this is cut by every inbox anyway. */
const maxSubjectLength = 150

/** @throws mail.link_foreign when a button leads away from the public URL */
export function renderMail(content: MailContent, options: RenderOptions): RenderedMail {
  const home = new URL(options.product.publicUrl)
  const blocks = content.blocks.map((block) => settle(block, home))
  const subject = cut(oneLine(content.subject), maxSubjectLength)
  return {
    subject,
    html: toHtml(subject, oneLine(content.preview), blocks, home, options),
    text: toText(blocks, home, options),
  }
}

/** Cleans every text once, for both renderings, and lets no link through that leads elsewhere. */
function settle(block: Block, home: URL): Block {
  switch (block.kind) {
    case 'button':
      return { ...block, label: oneLine(block.label), url: ownUrl(block.url, home) }
    case 'code':
      return { ...block, label: oneLine(block.label), code: oneLine(block.code) }
    case 'facts':
      return { ...block, rows: block.rows.map(([k, v]) => [oneLine(k), oneLine(v)] as const) }
    default:
      return { ...block, text: oneLine(block.text) }
  }
}

/** The request's Host header must never end up in a mail, so whatever built the link is checked here. */
function ownUrl(link: string, home: URL): string {
  const url = URL.parse(link)
  const isOwn = url !== null && /^https?:$/.test(url.protocol) && url.origin === home.origin
  if (!isOwn || url.username !== '' || url.password !== '') {
    throw errors.link_foreign({ origin: url?.origin ?? null })
  }
  return url.href
}

function toText(blocks: readonly Block[], home: URL, { locale, product }: RenderOptions): string {
  const parts = [oneLine(product.name), ...blocks.map(blockToText)]
  const footer = frameWords[locale].sentBy(oneLine(product.name), home.host)
  // RFC 3676 4.3: two dashes and a space set off what is not the message itself.
  return `${[...parts, `-- \n${footer}`].join('\n\n')}\n`
}

function blockToText(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${block.text}\n${'='.repeat(Math.min(block.text.length, 60))}`
    case 'button':
      return `${block.label}:\n${block.url}`
    case 'code':
      return `${block.label}\n\n    ${block.code}`
    case 'facts':
      return block.rows.map(([label, value]) => `${label}: ${value}`).join('\n')
    default:
      return block.text
  }
}

const font = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const mono = 'font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace'

/** Colours live twice: inline for every client, and here again for those that know a dark mode. */
const style = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.page{background:#15171c!important}.card{background:#1f2229!important;border-color:#343944!important}
.strong{color:#f3f4f6!important}.body{color:#d5d8de!important}.quiet{color:#a3a9b5!important}
.code{background:#15171c!important;color:#f3f4f6!important;border-color:#343944!important}
.button{background:#a9c1ff!important;color:#0d1a3a!important}.link{color:#a9c1ff!important}}`

function toHtml(
  subject: string,
  preview: string,
  blocks: readonly Block[],
  home: URL,
  { locale, product }: RenderOptions,
): string {
  const words = frameWords[locale]
  const name = escapeHtml(oneLine(product.name))
  const body = blocks.map((block) => blockToHtml(block, words.buttonFallback)).join('\n')
  return `<!doctype html>
<html lang="${locale}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(subject)}</title>
<style>${style}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f2f4f7;${font}">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeHtml(preview)}</div>
<div class="page" role="article" aria-label="${escapeHtml(subject)}" lang="${locale}" style="background:#f2f4f7;padding:24px 12px">
<div style="max-width:560px;margin:0 auto">
<p class="strong" style="margin:0 0 12px;padding:0 4px;font-size:15px;font-weight:600;color:#1b1f27">${name}</p>
<div class="card" style="background:#ffffff;border:1px solid #dfe3ea;border-radius:12px;padding:28px 24px">
${body}
</div>
<p class="quiet" style="margin:16px 0 0;padding:0 4px;font-size:13px;line-height:20px;color:#5a6270">${escapeHtml(words.sentBy(oneLine(product.name), home.host))}</p>
</div>
</div>
</body>
</html>
`
}

function blockToHtml(block: Block, buttonFallback: string): string {
  switch (block.kind) {
    case 'heading':
      return `<h1 class="strong" style="margin:0 0 16px;font-size:22px;line-height:30px;font-weight:650;color:#1b1f27">${escapeHtml(block.text)}</h1>`
    case 'paragraph':
      return `<p class="body" style="margin:0 0 16px;font-size:16px;line-height:25px;color:#343b47;overflow-wrap:anywhere">${escapeHtml(block.text)}</p>`
    case 'button':
      return buttonToHtml(block.label, block.url, buttonFallback)
    case 'code':
      return `<p class="body" style="margin:0 0 8px;font-size:16px;line-height:25px;color:#343b47">${escapeHtml(block.label)}</p>
<p class="code" style="margin:0 0 20px;padding:14px 12px;background:#f2f4f7;border:1px solid #dfe3ea;border-radius:8px;text-align:center;font-size:28px;line-height:34px;letter-spacing:6px;font-weight:600;color:#1b1f27;${mono}">${escapeHtml(block.code)}</p>`
    case 'facts':
      return `<dl class="body" style="margin:0 0 20px;font-size:16px;line-height:24px;color:#343b47">${block.rows.map(factToHtml).join('')}</dl>`
    default:
      return `<p class="quiet" style="margin:0 0 8px;font-size:13px;line-height:20px;color:#5a6270;overflow-wrap:anywhere">${escapeHtml(block.text)}</p>`
  }
}

function buttonToHtml(label: string, url: string, fallback: string): string {
  const href = escapeHtml(url)
  return `<p style="margin:0 0 16px"><a class="button" href="${href}" style="display:inline-block;padding:13px 22px;border-radius:8px;background:#234fbf;color:#ffffff;font-size:16px;line-height:22px;font-weight:600;text-decoration:none">${escapeHtml(label)}</a></p>
<p class="quiet" style="margin:0 0 20px;font-size:13px;line-height:20px;color:#5a6270;overflow-wrap:anywhere;word-break:break-word">${escapeHtml(fallback)}<br><a class="link" href="${href}" style="color:#234fbf">${href}</a></p>`
}

function factToHtml([label, value]: readonly [string, string]): string {
  return `<dt class="quiet" style="font-size:13px;line-height:20px;color:#5a6270">${escapeHtml(label)}</dt><dd style="margin:0 0 8px;overflow-wrap:anywhere">${escapeHtml(value)}</dd>`
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`
}

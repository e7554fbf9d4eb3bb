/** The look of the twin's pages: plain, readable on a phone, without a script. */

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
main{max-width:28rem;margin:0 auto;padding:2rem 1rem}
button,.button{display:block;box-sizing:border-box;width:100%;margin:.5rem 0;padding:.7rem 1rem;font:inherit;text-align:left;cursor:pointer}
input{box-sizing:border-box;width:100%;padding:.6rem;font:inherit}
label{display:block;margin:1rem 0}
[role=alert]{border:2px solid #c33;padding:.5rem 1rem}
table{width:100%;border-collapse:collapse}td:last-child{text-align:right}
small{opacity:.75}`

/** Nothing but the page's own style; forms may end elsewhere, for that is how people get back to the shop. */
export const contentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

export function renderHtml(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>${style}</style></head>
<body><main><h1>${escape(title)}</h1>${body}<p><small>The Stripe twin. No money moves.</small></p></main></body></html>
`
}

export function button(name: string, value: string, label: string): string {
  return `<button name="${escape(name)}" value="${escape(value)}">${escape(label)}</button>`
}

export function alert(message: string): string {
  return message === '' ? '' : `<p role="alert">${escape(message)}</p>`
}

/** Only addresses of pages: what a shop gave as an address must not become a script. */
export function link(url: string, label: string): string {
  const isPage = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
  return isPage ? `<a class="button" href="${escape(url)}">${escape(label)}</a>` : ''
}

export function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

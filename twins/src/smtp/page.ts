/** The twin's own page: what was received, for reading by hand. */
import type { CapturedMail } from './twin.ts'

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
details { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem; margin: .75rem 0; padding: .5rem .75rem }
summary { cursor: pointer; overflow-wrap: anywhere }
summary small { opacity: .75 }
iframe { width: 100%; height: 28rem; border: 0; border-radius: .25rem; background: #fff }
pre { overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere }
`

/** Everything a mail brings is escaped; its HTML runs in a frame that may do nothing. */
export const contentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export function renderPage(messages: readonly CapturedMail[]): string {
  const items = messages.toReversed().map(renderMessage).join('\n')
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer"><title>SMTP twin: ${messages.length} messages</title>
<style>${style}</style></head>
<body><h1>SMTP twin</h1>
<p>${messages.length} kept, newest first. <a href="/">Refresh</a> · <a href="/messages.json">JSON</a></p>
${items || '<p>Nothing was sent yet.</p>'}
</body></html>
`
}

function renderMessage(message: CapturedMail): string {
  const html =
    message.html === null
      ? ''
      : `<iframe sandbox title="HTML part" loading="lazy" srcdoc="${escape(message.html)}"></iframe>`
  return `<details><summary><strong>${escape(message.subject) || '(no subject)'}</strong><br>
<small>to ${escape(message.envelope.to.join(', '))} · from ${escape(message.envelope.from)} · ${message.receivedAt.toISOString()}</small></summary>
${html}
<h3>Text</h3><pre>${escape(message.text ?? '(none)')}</pre>
<details><summary>Source</summary><pre>${escape(message.raw)}</pre></details></details>`
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

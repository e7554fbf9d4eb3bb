/** The page on which a person chooses who to be, or says no. */
import type { Account } from './accounts.ts'

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
main{max-width:26rem;margin:0 auto;padding:2rem 1rem}
button{display:block;width:100%;margin:.5rem 0;padding:.7rem 1rem;font:inherit;text-align:left;cursor:pointer}
small{display:block;opacity:.75}`

export const contentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

export function renderPage(
  action: string,
  client: string,
  accounts: Iterable<Account>,
  hidden: Readonly<Record<string, string>> = {},
): string {
  const fields = Object.entries(hidden)
    .map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`)
    .join('')
  const choices = [...accounts]
    .map(
      ({ id, name, email, isEmailVerified }) =>
        `<button name="account" value="${escape(id)}">Sign in as ${escape(name)}<small>${escape(email ?? 'no address')}${isEmailVerified ? '' : ' (not verified)'}</small></button>`,
    )
    .join('')
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>OIDC twin</title><style>${style}</style></head><body><main><h1>OIDC twin</h1>
<p><strong>${escape(client)}</strong> wants to know who you are, your name and your address.</p>
<form method="post" action="${escape(action)}">${fields}${choices}<button name="account" value="">No, do not sign in</button></form></main></body></html>`
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

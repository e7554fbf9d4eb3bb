/** A person for tests: goes where an authorization address leads, chooses an account, and is sent back. */

/** What a browser keeps between two visits. */
export type Cookies = Map<string, string>

/** Returns the address that the provider sends the browser back to, without going there. */
export async function visit(
  twinUrl: string,
  authorizationUrl: string,
  accountId: string | null,
  cookies: Cookies = new Map(),
): Promise<URL> {
  let next = { url: new URL(authorizationUrl), form: null as URLSearchParams | null }
  for (let step = 0; step < 12; step += 1) {
    const reply = await fetch(next.url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(next.form === null ? {} : { method: 'POST', body: next.form }),
    })
    for (const line of reply.headers.getSetCookie()) keep(cookies, line)
    const location = reply.headers.get('location')
    if (location === null) next = choose(next.url, await reply.text(), accountId)
    else {
      const url = new URL(location, next.url)
      if (url.origin !== new URL(twinUrl).origin) return url
      next = { url, form: null }
    }
  }
  throw new Error('the twin sends the browser in circles')
}

function keep(cookies: Cookies, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
  cookies.set(name, value)
}

function choose(page: URL, html: string, accountId: string | null) {
  const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1]
  if (action === undefined) throw new Error(`no page to click on: ${html.slice(0, 400)}`)
  const hidden = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)]
  const fields = hidden.map(
    ([, name = '', value = '']) => [plain(name), plain(value)] as [string, string],
  )
  const form = new URLSearchParams(fields)
  form.set('account', accountId ?? '')
  return { url: new URL(plain(action), page), form }
}

const plain = (text: string) =>
  text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))

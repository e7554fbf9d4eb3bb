/** Requests to providers: a few seconds, a bounded answer, no redirects. */

const timeoutMs = 5_000
/** Discovery documents, key sets and profiles have a few kilobytes. */
const maxAnswerBytes = 512 * 1024

/** Like `fetch`, but the whole answer has arrived, in time and in size, when it returns. */
export async function fetchBounded(url: string, init: RequestInit): Promise<Response> {
  const reply = await fetch(url, {
    ...init,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  })
  const body = await readBounded(reply)
  const { status, statusText, headers } = reply
  return new Response(hasNoBody(status) ? null : body, { status, statusText, headers })
}

/** The JSON at an address; throws for every other answer. */
export async function fetchJson(
  url: string,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const reply = await fetchBounded(url, { headers: { accept: 'application/json', ...headers } })
  if (reply.status !== 200) throw new Error(`${new URL(url).host} answered ${reply.status}`)
  return reply.json()
}

async function readBounded(reply: Response): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of reply.body ?? []) {
    size += part.byteLength
    if (size > maxAnswerBytes) throw new Error('the answer is too long')
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}

const hasNoBody = (status: number) => [204, 205, 304].includes(status)

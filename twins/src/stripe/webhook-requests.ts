/** A webhook on the wire: how it is signed, and what comes back. */
import { createHmac } from 'node:crypto'

type Request = { url: string; body: string; signature: string }

const timeoutMs = 10_000

/** What Stripe calls a signed payload: time, a point, and the bytes of the body. */
export function signatureOf(body: string, secrets: readonly string[], time: number): string {
  const signatures = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`,
  )
  const nonsense = createHmac('sha256', 'v0').update(body).digest('hex')
  // In test mode there is a v0 as well, which proves nothing and must not be trusted.
  return [`t=${time}`, ...signatures, `v0=${nonsense}`].join(',')
}

/** The status of the answer; 0 when there was none. */
export async function post({ url, body, signature }: Request, ended: AbortSignal): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([ended, AbortSignal.timeout(timeoutMs)]),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'stripe-signature': signature,
      },
      body,
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}

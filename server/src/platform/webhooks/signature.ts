/** How a webhook proves who sent it: Standard Webhooks 1.0.0, the symmetric scheme `v1`. */
import { createHmac } from 'node:crypto'

const prefix = 'whsec_'

/** The three headers of a message. `secret` is `whsec_` and base64; `at` is when this attempt is made. */
export function signedHeaders(
  secret: string,
  message: { readonly id: string; readonly body: string; readonly at: Date },
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(message.at.getTime() / 1000))
  const key = Buffer.from(secret.slice(prefix.length), 'base64')
  const signed = `${message.id}.${timestamp}.${message.body}`
  const signature = createHmac('sha256', key).update(signed).digest('base64')
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  }
}

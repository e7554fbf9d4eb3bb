/** A receiver of webhooks that believes only its own server, and each message once. */
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { WebhookRefused, verifyWebhook } from '@ashlar/sdk'

const [, , ...secrets] = process.argv
const seen = new Set<string>()

const receiver = createServer(async (request, response) => {
  try {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const { id, payload } = await verifyWebhook({
      body: Buffer.concat(parts),
      headers: request.headers,
      secrets,
    })
    if (!seen.has(id)) console.log(`${id} ${JSON.stringify(payload)}`)
    seen.add(id)
    response.writeHead(204).end()
  } catch (error) {
    if (!(error instanceof WebhookRefused)) throw error
    console.log(`refused: ${error.reason}`)
    response.writeHead(400).end()
  }
})
receiver.listen(0, '127.0.0.1', () => {
  const { port } = receiver.address() as AddressInfo
  console.log(`http://127.0.0.1:${port}`)
})

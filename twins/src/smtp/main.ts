/** Runs the SMTP twin by hand: `node twins/src/smtp/main.ts [--smtp-port 1025] [--http-port 8025]`. */
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { contentSecurityPolicy, renderPage } from './page.ts'
import { startSmtpTwin } from './twin.ts'

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    'smtp-port': { type: 'string', default: '1025' },
    'http-port': { type: 'string', default: '8025' },
  },
})

const twin = await startSmtpTwin({ host: values.host, port: Number(values['smtp-port']) })

const http = createServer((request, response) => {
  const path = request.url?.split('?')[0]
  if (request.method !== 'GET' || (path !== '/' && path !== '/messages.json')) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such page.\n')
  } else if (path === '/') {
    response
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': contentSecurityPolicy,
        'cache-control': 'no-store',
      })
      .end(renderPage(twin.messages()))
  } else {
    response
      .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      .end(JSON.stringify(twin.messages()))
  }
})

http.listen(Number(values['http-port']), values.host, () => {
  console.log(`SMTP  ${twin.url}`)
  console.log(`Page  http://${values.host}:${values['http-port']}/`)
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    http.closeAllConnections()
    http.close()
    void twin.close()
  })
}

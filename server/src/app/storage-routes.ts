/** The signed addresses of local storage: outside the API, checked by their signature alone. */
import type { App } from '../platform/http/index.ts'
import type { LocalStorage } from '../platform/storage/index.ts'

export async function storageRoutes(app: App, storage: LocalStorage): Promise<void> {
  // The handler streams the body itself; nothing may read it before.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  for (const method of ['GET', 'PUT'] as const)
    app.route({
      method,
      url: '/storage/*',
      config: { public: true, isBare: true },
      handler: async (request, reply) => {
        for (const [name, value] of Object.entries(reply.getHeaders()))
          if (value !== undefined) reply.raw.setHeader(name, value)
        await storage.handler(request.raw, reply.raw)
        return reply.hijack()
      },
    })
}

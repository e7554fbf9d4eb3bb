/** The chapter on the API's own description: the document, the error list, old paths, limits. */
import { text } from './client.ts'
import type { Guide } from './step.ts'

export async function describeChapter(guide: Guide): Promise<void> {
  await guide.call(
    'the API is described',
    { path: '/api/v1/openapi.json' },
    200,
    ({ body }) => `OpenAPI ${text(body, 'openapi')}`,
  )
  await guide.call(
    'every error code is listed',
    { path: '/api/v1/errors' },
    200,
    ({ body }) => `${(body as { data: unknown[] }).data.length} codes`,
  )
  await guide.call(
    'a path of old still works',
    { path: '/v1/csrf-token' },
    200,
    ({ headers }) => `Deprecation: ${headers.get('deprecation') ?? 'missing'}`,
  )
  await guide.call(
    'limits are told',
    { path: '/api/v1/users' },
    200,
    ({ headers }) => `RateLimit: ${headers.get('ratelimit') ?? 'missing'}`,
  )
  await guide.call('what is not there is said so', { path: '/api/v1/nothing' }, 404, ({ body }) =>
    text(body, 'code'),
  )
  await guide.call(
    'health has figures',
    { path: '/health' },
    200,
    ({ body }) => `status ${text(body, 'status')}`,
  )
}

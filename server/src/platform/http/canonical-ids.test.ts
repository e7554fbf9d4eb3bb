/** One id, however it is spelt: in the path, in a query and in a body. */
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'

const Id = Type.String({ format: 'uuid' })
const Heard = Type.Object({ id: Id, by: Type.Array(Id), body: Type.Array(Type.String()) })
const server = await startServer({
  extend: async (app) => {
    app.post('/api/v1/test/ids/:id', {
      config: { can: 'users.read_self' },
      schema: {
        params: Type.Object({ id: Id }),
        querystring: Type.Object({ by: Type.Optional(Id) }),
        body: Type.Object({
          one: Type.Union([Id, Type.Null()]),
          list: Type.Optional(Type.Array(Id)),
          text: Type.Optional(Type.String()),
        }),
        response: { 200: Type.Object({ data: Heard }) },
      },
      handler: async ({ params, query, body }) => ({
        data: {
          id: params.id,
          by: query.by === undefined ? [] : [query.by],
          body: [body.one ?? 'null', ...(body.list ?? []), body.text ?? ''],
        },
      }),
    })
  },
})
const member = await server.as()
const id = '01890000-abcd-7000-8000-00000000abcd'
const capitals = id.toUpperCase()
const url = (given: string) => `/api/v1/test/ids/${given}`

test.each([
  ['as it is written', id],
  ['in capitals', capitals],
  ['as a URN', `urn:uuid:${capitals}`],
])('an id %s is the same id to a handler', async (_how, given) => {
  const reply = await member.post(`${url(given)}?by=${given}`, {
    one: given,
    list: [given, given],
    text: 'LEFT Alone',
  })
  expect(reply.body.data).toEqual({ id, by: [id], body: [id, id, id, 'LEFT Alone'] })
})

test('what is no id is refused as before, and none is none', async () => {
  expect((await member.post(url('NOBODY'), { one: id })).status).toBe(404)
  expect((await member.post(url(id), { one: 'NOBODY' })).body).toMatchObject({
    code: 'http.invalid_request',
    errors: [{ pointer: '/one' }, { pointer: '/one' }, { pointer: '/one' }],
  })
  expect((await member.post(url(id), { one: null })).body.data.body).toEqual(['null', ''])
})

test('a URN in the address of a profile is no failure of ours', async () => {
  const reply = await server.anonymous.get(`/api/v1/users/urn:uuid:${id}`)
  expect(reply).toMatchObject({ status: 404, body: { code: 'users.user_not_found' } })
})

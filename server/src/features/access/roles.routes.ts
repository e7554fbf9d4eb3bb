/** HTTP: roles. */
import { Type } from 'typebox'
import { accessErrors, httpErrors } from '../../platform/http/errors.ts'
import { type App, dataOf, expectedVersion, sendEtag } from '../../platform/http/index.ts'
import { Time } from '../../platform/http/schemas.ts'
import { type Rule as StoredRule, operators } from '../../platform/rights/index.ts'
import { errors } from './errors.ts'
import {
  type CountedRole,
  type RuleWords,
  changeRole,
  createRole,
  deleteRole,
  getRole,
  listRoles,
} from './roles.ts'

/** More than any role has; a list of rules is read on every look-up of a session. */
const maxRules = 200
const maxValues = 100
const Name = Type.String({
  pattern: '^[a-z][a-z0-9_]{1,39}$',
  description: '2 to 40 small letters, digits and underscores; it never changes.',
})
const Params = Type.Object({ name: Name })
const Value = Type.Union([Type.String({ maxLength: 200 }), Type.Boolean()])
const Values = Type.Array(Type.String({ maxLength: 200 }), { maxItems: maxValues })
const Test = Type.Object(
  Object.fromEntries(
    operators.map((operator) => [operator, Type.Optional(Type.Union([Value, Values]))]),
  ),
  { additionalProperties: false, minProperties: 1 },
)
export const Rule = Type.Unsafe<StoredRule>(
  Type.Object({
    permission: Type.String({ minLength: 1, maxLength: 80, examples: ['users.read_any'] }),
    when: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z]{1,40}$' }), Type.Union([Value, Test]), {
        description:
          'Attributes of a row that must all hold, such as `{"status":"active"}` or `{"teams":{"$in":"$myTeams"}}`. `$me` is the id of who asks.',
        minProperties: 1,
      }),
    ),
    fields: Type.Optional(
      Type.Array(Type.String({ maxLength: 40 }), {
        description: 'The only fields that may be read.',
        minItems: 1,
        maxItems: maxValues,
      }),
    ),
  }),
)
const Rules = Type.Array(Rule, { maxItems: maxRules })
const Description = Type.String({ maxLength: 500 })
const RoleView = Type.Object({
  name: Name,
  description: Type.String(),
  rules: Type.Array(Rule),
  builtIn: Type.Boolean(),
  members: Type.Integer({ minimum: 0, description: 'How many people have it.' }),
  createdAt: Time,
  updatedAt: Time,
})
/** What a role permits, everybody has who has it: asked of a session that has just shown a factor, as giving one is. */
const manage = {
  can: 'access.manage_roles',
  stepUp: true,
  elevation: 'with_authenticator',
} as const
const ceilingErrors = [
  accessErrors.step_up_required,
  accessErrors.session_required,
  errors.invalid_rule,
  errors.beyond_own_rights,
]

export async function roleRoutes(app: App, words: RuleWords) {
  app.get('/roles', {
    config: { can: 'access.read_roles' },
    schema: {
      operationId: 'access.listRoles',
      summary: 'Every role, by name',
      response: { 200: dataOf(Type.Array(RoleView)) },
    },
    handler: async (request) => ({ data: (await listRoles(request.ctx)).map(presentRole) }),
  })

  app.get('/roles/:name', {
    config: { can: 'access.read_roles', errors: [errors.role_not_found] },
    schema: {
      operationId: 'access.getRole',
      summary: 'A role and its rules',
      params: Params,
      response: { 200: dataOf(RoleView) },
    },
    handler: async (request, reply) => {
      const role = await getRole(request.ctx, request.params.name)
      sendEtag(reply, role.version)
      return { data: presentRole(role) }
    },
  })

  app.post('/roles', {
    config: {
      ...manage,
      errors: [...ceilingErrors, errors.role_exists],
    },
    schema: {
      operationId: 'access.createRole',
      summary: 'Make a role',
      description: 'Nobody makes a role that gives more than they have themselves.',
      body: Type.Object({
        name: Name,
        description: Type.Optional(Description),
        rules: Type.Optional(Rules),
      }),
      response: { 201: dataOf(RoleView) },
    },
    handler: async (request, reply) => {
      const { name, ...wanted } = request.body
      const role = await request.ctx.tx((tx) => createRole(tx, name, wanted, words))
      sendEtag(reply.code(201), role.version)
      return { data: presentRole({ ...role, members: 0 }) }
    },
  })

  app.patch('/roles/:name', {
    config: {
      ...manage,
      feltEverywhere: true,
      errors: [
        ...ceilingErrors,
        errors.role_not_found,
        errors.role_built_in,
        errors.own_role,
        httpErrors.precondition_failed,
      ],
    },
    schema: {
      operationId: 'access.changeRole',
      summary: 'Change a role',
      description:
        'For everybody who has it, on their next request. Send `If-Match` with the ETag you read, and a change made meanwhile is not overwritten (412).',
      params: Params,
      body: Type.Object(
        { description: Type.Optional(Description), rules: Type.Optional(Rules) },
        { minProperties: 1 },
      ),
      response: { 200: dataOf(RoleView) },
    },
    handler: async (request, reply) => {
      const { name } = request.params
      const role = await request.ctx.tx(async (tx) => {
        await changeRole(tx, name, request.body, words, expectedVersion(request))
        return getRole(tx, name)
      })
      sendEtag(reply, role.version)
      return { data: presentRole(role) }
    },
  })

  app.delete('/roles/:name', {
    config: {
      ...manage,
      feltEverywhere: true,
      errors: [
        ...ceilingErrors,
        errors.role_not_found,
        errors.role_built_in,
        errors.role_in_use,
        errors.role_in_settings,
        errors.own_role,
        httpErrors.precondition_failed,
      ],
    },
    schema: {
      operationId: 'access.deleteRole',
      summary: 'Delete a role that nobody has',
      params: Params,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      await request.ctx.tx((tx) => deleteRole(tx, request.params.name, expectedVersion(request)))
      return reply.code(204).send(null)
    },
  })
}

const presentRole = ({ rules, isBuiltIn, createdAt, updatedAt, ...role }: CountedRole) => ({
  name: role.name,
  description: role.description,
  rules: [...rules],
  builtIn: isBuiltIn,
  members: role.members,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})

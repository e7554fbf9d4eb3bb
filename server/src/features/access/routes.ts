/** HTTP: who may do what, and why. */
import { Type } from 'typebox'
import { accessErrors } from '../../platform/http/errors.ts'
import { type App, dataOf } from '../../platform/http/index.ts'
import { choice, nullable } from '../../platform/http/schemas.ts'
import { errors } from './errors.ts'
import { type ExplainOptions, explain, reasons } from './explanations.ts'
import { matrixOf } from './matrix.ts'
import { Rule } from './roles.routes.ts'

export type AccessOptions = ExplainOptions & {
  /** What a program's token can be made for. */
  readonly serviceScopes: readonly string[]
}

const Permission = Type.String({ minLength: 3, maxLength: 80, examples: ['users.read_any'] })
const Method = Type.String({ examples: ['GET'] })
const Described = Type.Object({
  name: Permission,
  description: Type.String(),
  attributes: Type.Record(Type.String(), Type.String(), {
    description: 'What the conditions of a rule may ask of a row, with the kind of each.',
  }),
  fields: Type.Array(Type.String(), { description: 'What a rule may limit reading to.' }),
  forPrograms: Type.Boolean({ description: 'Whether a service token can be made for it.' }),
})
const Given = Type.Object({
  role: Type.String(),
  when: Type.Optional(Type.Unknown()),
  fields: Type.Optional(Type.Array(Type.String())),
})
const MatrixView = Type.Object({
  roles: Type.Array(Type.String()),
  permissions: Type.Array(
    Type.Object({ name: Permission, description: Type.String(), given: Type.Array(Given) }),
  ),
  routes: Type.Array(
    Type.Object({
      method: Method,
      path: Type.String(),
      permission: nullable(Permission),
      stepUp: Type.Boolean(),
      roles: Type.Array(Type.String()),
    }),
  ),
})
const ExplanationView = Type.Object({
  user: Type.String({ format: 'uuid' }),
  permission: Permission,
  resource: nullable(Type.String()),
  allowed: Type.Boolean(),
  reason: choice(
    reasons,
    'Why: their account may not act; no role of theirs names the permission; it is only about one’s own, and this is somebody else’s; the conditions of the rules that name it are not fulfilled; nobody does it to their own account, or to one that stands as high as theirs; a second factor has to be set up first.',
  ),
  roles: Type.Array(Type.String()),
  rules: Type.Array(Type.Object({ role: Type.String(), rule: Rule, lets: Type.Boolean() })),
})

export async function accessRoutes(app: App, options: AccessOptions) {
  const { permissions, serviceScopes, shapes, things } = options

  app.get('/access/permissions', {
    config: { can: 'access.read_roles' },
    schema: {
      operationId: 'access.listPermissions',
      summary: 'Every permission, and what rules may say about it',
      response: { 200: dataOf(Type.Array(Described)) },
    },
    handler: () => ({
      data: Object.entries(permissions).map(([name, description]) => ({
        name,
        description,
        attributes: { ...shapes[name]?.attributes },
        fields: [...(shapes[name]?.fields ?? [])],
        forPrograms: serviceScopes.includes(name),
      })),
    }),
  })

  app.get('/access/matrix', {
    config: { can: 'access.read_roles' },
    schema: {
      operationId: 'access.getMatrix',
      summary: 'Which role may do what, and which route asks for it',
      response: { 200: dataOf(MatrixView) },
    },
    handler: async (request) => {
      const matrix = await matrixOf(request.ctx, permissions, app.declaredRoutes)
      return {
        data: {
          roles: [...matrix.roles],
          permissions: matrix.permissions.map(({ given, ...permission }) => ({
            ...permission,
            given: given.map(({ fields, ...each }) => ({
              ...each,
              ...(fields ? { fields: [...fields] } : {}),
            })),
          })),
          routes: matrix.routes.map((route) => ({ ...route, roles: [...route.roles] })),
        },
      }
    },
  })

  app.get('/access/explain', {
    config: {
      can: 'users.read_self',
      errors: [
        accessErrors.forbidden,
        errors.subject_not_found,
        errors.unknown_permission,
        errors.unknown_kind,
      ],
    },
    schema: {
      operationId: 'access.explain',
      summary: 'Why somebody may or may not do a thing',
      description:
        'About yourself, or, with `access.read_roles`, about anybody. Whoever asks only about themselves is not told whether a thing is missing or not theirs.',
      querystring: Type.Object({
        user: Type.Optional(Type.String({ format: 'uuid', description: 'You, when missing.' })),
        permission: Permission,
        resource: Type.Optional(
          Type.String({
            pattern: '^[a-z_]{1,40}:[A-Za-z0-9-]{1,64}$',
            description: `A thing, by the room that keeps it and its id: ${Object.keys(things).join(', ')}.`,
            examples: ['users:0197a3a4-5b5c-7d5e-8f60-718293a4b5c6'],
          }),
        ),
      }),
      response: { 200: dataOf(ExplanationView) },
    },
    handler: async (request) => {
      const { actor } = request.ctx
      const { user = actor.id ?? '', permission, resource = null } = request.query
      const mayKnowAll = actor.can('access.read_roles')
      if (user !== actor.id && !mayKnowAll)
        throw accessErrors.forbidden({ permission: 'access.read_roles' })
      const { isAllowed, roles, rules, ...found } = await explain(
        request.ctx,
        { user, permission, resource, mayKnowAll },
        options,
      )
      return {
        data: {
          ...found,
          allowed: isAllowed,
          roles: [...roles],
          rules: [...rules],
        },
      }
    },
  })
}

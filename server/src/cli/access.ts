/** `ashlar access audit|explain|diff`: who may do what, why, and what a change would give or take. */
import path from 'node:path'
import type { Command } from 'commander'
import { accessAt, accessOfCode, differenceBetween } from '../app/access-diff.ts'
import { type AccessChange, type RoleChange, rolesFile, rolesOfCode } from '../app/access-matrix.ts'
import { accessOptions } from '../app/access-options.ts'
import { declaredRoutes } from '../app/describe.ts'
import { permissions } from '../app/rooms.ts'
import { type Matrix, explain, matrixOf } from '../features/access/index.ts'
import { findUser } from '../features/users/index.ts'
import { AppError } from '../platform/errors.ts'
import { withProcess } from './session.ts'

const root = path.resolve(import.meta.dirname, '../../..')
type Printed = { readonly json?: true }

export function addAccess(program: Command): void {
  const access = program
    .command('access')
    .description('Who may do what, and why; what a change of the code gives or takes.')

  access
    .command('audit')
    .description(
      'List every route with its permission and the roles that have it. Fails when a rule or a route names a permission that does not exist.',
    )
    .option('--json', 'print JSON')
    .action(audit)

  access
    .command('explain')
    .argument('<user>', 'an id, an e-mail address or a username')
    .argument('<permission>', 'such as users.read_any')
    .argument('[resource]', 'a thing, such as users:ID')
    .description(
      'Say which rules let somebody do a thing, or why none does. Exit code 1: they may not, or there is no such thing; 2: there is no such permission or kind of thing.',
    )
    .option('--json', 'print JSON')
    .action(explainTo)

  access
    .command('diff')
    .argument('<ref>', 'a commit, branch or tag')
    .description(
      'Say what the code of the working tree gives to built-in roles, or takes, against a commit.',
    )
    .option('--json', 'print JSON')
    .action(diff)
}

async function audit({ json }: Printed): Promise<void> {
  // A route that declares nothing, or a permission that there is not, ends it here.
  const routes = await declaredRoutes()
  await withProcess(async ({ ctx }) => {
    const matrix = await matrixOf(ctx, permissions, routes)
    if (json) console.log(JSON.stringify(matrix))
    else {
      for (const route of matrix.routes) console.log(lineOf(route))
      console.log(`${matrix.routes.length} routes, ${matrix.roles.length} roles`)
    }
    for (const { role, permission } of matrix.unknown)
      console.error(`the role ${role} names ${permission}, which no room declares`)
    if (matrix.unknown.length > 0) process.exitCode = 1
  })
}

function lineOf(route: Matrix['routes'][number]): string {
  const { method, path: at, permission, isPublic, stepUp, roles } = route
  const [asks, who] = isPublic ? ['public', 'anybody'] : ['signed in', 'whoever is signed in']
  const shown = `${permission ?? asks}${stepUp ? ' (step-up)' : ''}`
  return `${method.padEnd(7)}${at}  ${shown}  ${permission === null ? who : roles.join(' ')}`
}

async function explainTo(
  name: string,
  permission: string,
  resource: string | undefined,
  { json }: Printed,
): Promise<void> {
  await withProcess(async ({ ctx }) => {
    const { id } = await findUser(ctx, name)
    const asked = { user: id, permission, resource: resource ?? null, mayKnowAll: true }
    const found = await explain(ctx, asked, accessOptions).catch(sayWrongUsage)
    if (!found) return
    if (json) console.log(JSON.stringify(found))
    else {
      console.log(`${found.isAllowed ? 'Allowed' : 'Refused'} (${found.reason}).`)
      console.log(`Roles: ${found.roles.join(', ') || 'none'}`)
      for (const { role, rule, lets } of found.rules)
        console.log(`${lets ? 'lets ' : 'does not let'}  ${role}  ${JSON.stringify(rule)}`)
    }
    if (!found.isAllowed) process.exitCode = 1
  })
}

/** A question about what no room declares is none that "no" would be the answer to. */
function sayWrongUsage(error: unknown): null {
  if (!(error instanceof AppError) || error.status !== 422) throw error
  const { permission, kinds } = error.details as { permission?: string; kinds?: string[] }
  console.error(`${error.message} (${permission ?? `known: ${kinds?.join(', ')}`})`)
  process.exitCode = 2
  return null
}

async function diff(ref: string, { json }: Printed): Promise<void> {
  const before = accessAt(root, ref)
  if (before === null) {
    process.exitCode = 1
    return
  }
  const code = { routes: await declaredRoutes(), roles: rolesOfCode() }
  const { changes, hasRoles } = differenceBetween(before, accessOfCode(root, code))
  if (json) console.log(JSON.stringify(changes))
  else if (changes.length === 0) console.log('Nobody may do more or less.')
  else for (const change of changes) console.log(describe(change))
  if (!hasRoles)
    console.error(`${ref} has no ${rolesFile}: what no route asks for by name is not compared.`)
}

function describe(change: AccessChange | RoleChange): string {
  const sign = change.kind === 'gives' ? '+' : '-'
  if ('role' in change) return `${sign} the role ${change.role}: ${change.permissions.join(' ')}`
  return `${sign} ${change.route}  ${change.what}: ${change.who.join(' ')}`
}

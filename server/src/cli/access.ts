/** `ashlar access audit|explain|diff`: who may do what, why, and what a change would give or take. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { type AccessChange, matrixFile, changesBetween, parseMatrix } from '../app/access-matrix.ts'
import { accessOptions } from '../app/access-options.ts'
import { declaredRoutes } from '../app/describe.ts'
import { permissions } from '../app/rooms.ts'
import { explain, matrixOf } from '../features/access/index.ts'
import { AppError } from '../platform/errors.ts'
import { findUser } from '../features/users/index.ts'
import { withProcess } from './session.ts'

const root = path.resolve(import.meta.dirname, '../../..')

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
    .action(async ({ json }: { json?: true }) => {
      const routes = await declaredRoutes()
      await withProcess(async ({ ctx }) => {
        const matrix = await matrixOf(ctx, permissions, routes)
        if (json) console.log(JSON.stringify(matrix))
        else {
          for (const { method, path: at, permission, isPublic, stepUp, roles } of matrix.routes)
            console.log(
              `${method.padEnd(7)}${at}  ${
                permission ?? (isPublic ? 'public' : 'signed in')
              }${stepUp ? ' (step-up)' : ''}  ${permission === null ? 'anybody' : roles.join(' ')}`,
            )
          console.log(`${matrix.routes.length} routes, ${matrix.roles.length} roles`)
        }
        const faults = [
          ...matrix.unknown.map(({ role, permission }) => `the role ${role} names ${permission}`),
          ...matrix.routes
            .filter(
              ({ permission }) => permission !== null && !Object.hasOwn(permissions, permission),
            )
            .map((route) => `${route.method} ${route.path} asks for ${route.permission}`),
        ]
        for (const fault of faults) console.error(`${fault}, which no room declares`)
        if (faults.length > 0) process.exitCode = 1
      })
    })

  access
    .command('explain')
    .argument('<user>', 'an id, an e-mail address or a username')
    .argument('<permission>', 'such as users.read_any')
    .argument('[resource]', 'a thing, such as users:ID')
    .description(
      'Say which rules let somebody do a thing, or why none does. Exit code 1: they may not, or there is no such thing; 2: there is no such permission or kind of thing.',
    )
    .option('--json', 'print JSON')
    .action(async (name: string, permission: string, resource: string | undefined, { json }) =>
      withProcess(async ({ ctx }) => {
        const { id } = await findUser(ctx, name)
        const asked = { user: id, permission, resource: resource ?? null, mayKnowAll: true }
        const found = await explain(ctx, asked, accessOptions).catch(sayWrongUsage)
        if (!found) return
        if (json as boolean) console.log(JSON.stringify(found))
        else {
          console.log(`${found.isAllowed ? 'Allowed' : 'Refused'} (${found.reason}).`)
          console.log(`Roles: ${found.roles.join(', ') || 'none'}`)
          for (const { role, rule, lets } of found.rules)
            console.log(`${lets ? 'lets ' : 'does not let'}  ${role}  ${JSON.stringify(rule)}`)
        }
        if (!found.isAllowed) process.exitCode = 1
      }),
    )

  access
    .command('diff')
    .argument('<ref>', 'a commit, branch or tag')
    .description('Say what the working tree gives to built-in roles, or takes, against a commit.')
    .option('--json', 'print JSON')
    .action((ref: string, { json }: { json?: true }) => {
      const before = matrixAt(ref)
      if (before === null) {
        process.exitCode = 1
        return
      }
      const after = readFileSync(path.join(root, matrixFile), 'utf8')
      const changes = changesBetween(parseMatrix(before), parseMatrix(after))
      if (json) console.log(JSON.stringify(changes))
      else if (changes.length === 0) console.log('Nobody may do more or less.')
      else for (const change of changes) console.log(describe(change))
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

/** The matrix as a commit has it; git itself says why not. */
function matrixAt(ref: string): string | null {
  const { status, stdout } = spawnSync('git', ['show', `${ref}:${matrixFile}`, '--'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return status === 0 ? stdout : null
}

const describe = ({ kind, what, route, who }: AccessChange) =>
  `${kind === 'gives' ? '+' : '-'} ${route}  ${what}: ${who.join(' ')}`

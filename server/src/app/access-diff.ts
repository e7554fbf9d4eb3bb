/** What the working tree gives or takes against a commit: that one by what it has on paper, this one by its code. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { DeclaredRoute } from '../platform/http/index.ts'
import {
  type AccessChange,
  type AccessMatrix,
  type RoleChange,
  type RoleRights,
  changesBetween,
  matrixFile,
  matrixOfCode,
  parseMatrix,
  parseRoles,
  roleChangesBetween,
  rolesFile,
} from './access-matrix.ts'

/** `roles` is null at a commit from before it was written down what each gives. */
export type Access = { readonly routes: AccessMatrix; readonly roles: RoleRights | null }

export type Difference = {
  readonly changes: readonly (AccessChange | RoleChange)[]
  /** False where only routes could be compared. */
  readonly hasRoles: boolean
}

/** As a commit has it on paper; null where git knows no such commit, which it says itself. */
export function accessAt(root: string, ref: string): Access | null {
  const matrix = show(root, `${ref}:${matrixFile}`, 'inherit')
  if (matrix === null) return null
  const roles = show(root, `${ref}:${rolesFile}`, 'ignore')
  return { routes: parseMatrix(matrix), roles: roles === null ? null : parseRoles(roles) }
}

/** As the code has it now. Who reaches the things of others no code says: that is on the paper of the working tree. */
export function accessOfCode(
  root: string,
  { routes, roles }: { readonly routes: readonly DeclaredRoute[]; readonly roles: RoleRights },
): Access {
  const file = path.join(root, matrixFile)
  const said = existsSync(file) ? parseMatrix(readFileSync(file, 'utf8')) : {}
  return { routes: matrixOfCode(routes, said), roles }
}

export function differenceBetween(before: Access, after: Access): Difference {
  const routes = changesBetween(before.routes, after.routes)
  if (before.roles === null || after.roles === null) return { changes: routes, hasRoles: false }
  return { changes: [...routes, ...roleChangesBetween(before.roles, after.roles)], hasRoles: true }
}

function show(root: string, what: string, stderr: 'inherit' | 'ignore'): string | null {
  const { status, stdout } = spawnSync('git', ['show', what, '--'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', stderr],
    maxBuffer: 64 * 1024 * 1024,
  })
  return status === 0 ? stdout : null
}

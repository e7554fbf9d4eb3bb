/** What a change of the code gives and takes, against a commit of a repository made for it. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { UndeclaredRoute } from '../platform/http/index.ts'
import { fail } from '../cli/program.ts'
import { accessAt, accessOfCode, differenceBetween } from './access-diff.ts'
import { matrixFile, parseMatrix, parseRoles, rolesFile, rolesOfCode } from './access-matrix.ts'
import { declaredRoutes } from './describe.ts'

const house = path.resolve(import.meta.dirname, '../../..')
const paper = (file: string) => readFileSync(path.join(house, file), 'utf8')
let root: string
let routes: Awaited<ReturnType<typeof declaredRoutes>>

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    cwd: root,
    // Where this runs in a hook of git, its variables speak of another repository.
    env: { PATH: process.env['PATH'] ?? '', HOME: root },
    stdio: 'ignore',
  })

beforeAll(async () => {
  routes = await declaredRoutes()
  root = mkdtempSync(path.join(tmpdir(), 'ashlar-diff-'))
  mkdirSync(path.join(root, 'server'))
  git('init')
  cpSync(path.join(house, matrixFile), path.join(root, matrixFile))
  git('add', '.')
  git('commit', '-m', 'before roles were on paper')
  git('tag', 'old')
  cpSync(path.join(house, rolesFile), path.join(root, rolesFile))
  git('add', '.')
  git('commit', '-m', 'as it is')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const against = (ref: string, code = { routes, roles: rolesOfCode() }) => {
  const before = accessAt(root, ref)
  if (!before) throw new Error(`git knows no ${ref}`)
  return differenceBetween(before, accessOfCode(root, code))
}

test('code that gives what the commit gave gives nobody more or less', () => {
  expect(against('HEAD')).toEqual({ changes: [], hasRoles: true })
})

test('a permission of a role that no route asks for by name is told, though the paper is as it was', () => {
  const roles = rolesOfCode()
  const moderator = [...(roles['moderator'] ?? []), 'users.read_any']
  const finance = (roles['finance'] ?? []).filter((name) => name !== 'ledger.read')
  const { changes } = against('HEAD', { routes, roles: { ...roles, moderator, finance } })
  expect(changes).toEqual([
    { kind: 'takes', role: 'finance', permissions: ['ledger.read'] },
    { kind: 'gives', role: 'moderator', permissions: ['users.read_any'] },
  ])
})

test('a route that the code opens is told, though the paper is as it was', () => {
  const at = '/api/v1/users/me'
  const opened = routes.map((route) =>
    route.path === at && route.method === 'GET'
      ? { ...route, permission: null, isPublic: true }
      : route,
  )
  expect(against('HEAD', { routes: opened, roles: rolesOfCode() }).changes).toEqual([
    { kind: 'gives', route: `GET ${at}`, what: 'anonymous', who: ['anybody'] },
  ])
})

test('what somebody has written of the things of others is taken from the working tree', () => {
  const file = path.join(root, matrixFile)
  const said = parseMatrix(readFileSync(file, 'utf8'))
  const route = 'GET /api/v1/users/:id'
  const row = said[route]
  if (!row) throw new Error(`there is no ${route}`)
  writeFileSync(file, JSON.stringify({ ...said, [route]: { ...row, others: [] } }))
  const { changes } = against('HEAD')
  git('checkout', '.')
  expect(changes.map(({ kind }) => kind)).toEqual(['takes'])
  expect(changes[0]).toMatchObject({ route, what: 'others' })
})

test('against a commit that has no roles on paper, routes alone are compared', () => {
  expect(against('old', { routes, roles: {} })).toEqual({ changes: [], hasRoles: false })
})

test('roles on paper are those of the code', () => {
  expect(parseRoles(paper(rolesFile))).toEqual(rolesOfCode())
})

test('a route without a lock is named in one line, without a stack', () => {
  const written = vi.spyOn(console, 'error').mockImplementation(() => {})
  const before = process.exitCode
  fail(new UndeclaredRoute('GET /x declares no permission'))
  process.exitCode = before
  expect(written.mock.calls).toEqual([['GET /x declares no permission']])
  written.mockRestore()
})

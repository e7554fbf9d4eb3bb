/** A room that was made by the command stands: it is wired up, and whatever it needs is there. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const copy = await mkdtemp(path.join(tmpdir(), 'ashlar-room-'))
afterAll(() => rm(copy, { recursive: true, force: true }))
const limitMs = 120_000

const inCopy = (script: string, args: readonly string[]) =>
  promisify(execFile)(process.execPath, [path.join(copy, script), ...args], {
    cwd: copy,
    timeout: limitMs,
  })

test('`new:room` makes a room that is wired up everywhere, once', async () => {
  // What the command reads and changes, and what the room then stands in.
  for (const part of [
    'server/src',
    'server/migrations',
    'server/package.json',
    'scripts',
    'package.json',
  ])
    await cp(path.join(root, part), path.join(copy, part), { recursive: true })
  await cp(path.join(root, '.dependency-cruiser.mjs'), path.join(copy, '.dependency-cruiser.mjs'))
  await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))

  await inCopy('scripts/new-room.ts', ['library'])
  const read = (file: string) => readFile(path.join(copy, file), 'utf8')
  expect(await read('.dependency-cruiser.mjs')).toContain("library: ['users']")
  expect(await read('server/src/app/app.ts')).toContain('await libraryRoutes(api)')
  expect(await read('server/src/features/access/built-in-roles.ts')).toContain("'library.manage'")
  expect(await read('server/src/features/access/built-in-roles.test.ts')).toContain(
    "'library.manage'",
  )
  const rooms = await read('server/src/app/rooms.ts')
  for (const wired of ['  libraryErrors,\n', '  libraryData,\n', '  ...libraryPermissions,\n'])
    expect(rooms.split(wired)).toHaveLength(2)
  // Every import of it finds what it asks for, and what the room brings is where everybody looks.
  await writeFile(
    path.join(copy, 'look.ts'),
    `import './server/src/app/app.ts'
     import { errorTypes, permissions, personalData } from './server/src/app/rooms.ts'
     console.log(JSON.stringify([
       permissions['library.manage'],
       errorTypes.some(({ code }) => code === 'library.item_not_found'),
       personalData.some(({ room }) => room === 'library'),
     ]))`,
  )
  const { stdout } = await inCopy('look.ts', [])
  expect(JSON.parse(stdout)).toEqual(['Create and read your own items.', true, true])

  await expect(inCopy('scripts/new-room.ts', ['library'])).rejects.toThrow(
    'There is a room library already',
  )
  await expect(inCopy('scripts/new-room.ts', ['Library'])).rejects.toThrow('Usage')
}, 240_000)

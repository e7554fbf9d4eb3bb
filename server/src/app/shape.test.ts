/** The building's rules, told in plain words when broken. */
import { readFileSync, readdirSync } from 'node:fs'
import { getTableName, getViewName, is } from 'drizzle-orm'
import { PgTable, PgView } from 'drizzle-orm/pg-core'
import { describe, expect, test } from 'vitest'
import * as platformTables from '../platform/tables.ts'

const source = new URL('../', import.meta.url)
const features = new URL('features/', source)
const rooms = readdirSync(features)
const filesOf = (room: string) => readdirSync(new URL(`${room}/`, features))
const read = (path: string) => readFileSync(new URL(path, source), 'utf8')

const furniture =
  /^(README\.md|(index|routes|tables|permissions|errors|events|jobs|reactions|testing)\.ts)$/
const subject = /^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.routes)?(\.test)?\.ts$/
/** Names that say nothing: what is in such a file has a better one. */
const empty =
  /(^|-)(utils?|helpers?|common|shared|base|misc|manager|service|controller|types)(\.|-)/
const maxReadmeLines = 20

describe.each(rooms)('the room %s', (room) => {
  test('holds only files a newcomer can name: its furniture, and one file per subject', () => {
    const odd = filesOf(room).filter(
      (file) => !furniture.test(file) && (!subject.test(file) || empty.test(file)),
    )
    expect(odd).toEqual([])
  })

  test('has a front door', () => {
    expect(filesOf(room)).toContain('index.ts')
  })

  test(`has a README of at most ${maxReadmeLines} lines that begins with its name`, () => {
    const lines = read(`features/${room}/README.md`).trimEnd().split('\n')
    expect(lines[0]).toBe(`# ${room}`)
    expect(lines.length).toBeLessThanOrEqual(maxReadmeLines)
  })

  test('keeps tables and views that carry its name', async () => {
    if (!filesOf(room).includes('tables.ts')) return
    const stored = namesOf((await import(`../features/${room}/tables.ts`)) as object)
    expect(stored.length).toBeGreaterThan(0)
    const prefix = `${room.replaceAll('-', '_')}_`
    expect(stored.filter((name) => !name.startsWith(prefix))).toEqual([])
  })

  test('names its permissions, errors, facts, jobs and mails after itself', async () => {
    const named = ['permissions', 'errors', 'events', 'jobs', 'mails']
    const modules = filesOf(room).filter((file) => named.includes(file.replace('.ts', '')))
    const names: string[] = []
    for (const file of modules)
      names.push(...wordsOf((await import(`../features/${room}/${file}`)) as object))
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !name.startsWith(`${room}.`))).toEqual([])
  })
})

test('the platform’s own tables carry its name', () => {
  expect(namesOf(platformTables).filter((name) => !name.startsWith('platform_'))).toEqual([])
})

test('every file but tests begins by saying what belongs in it', () => {
  const silent = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => !/^(#!.*\n)?\/\*\*[\s\S]*?\*\/\n/.test(read(file)))
  expect(silent).toEqual([])
})

test('every library has its reason in docs/dependencies.md', () => {
  const root = new URL('../../', source)
  const fields = ['dependencies', 'devDependencies', 'optionalDependencies'] as const
  const libraries = [
    'package.json',
    ...['server', 'sdk', 'twins', 'web'].map((workspace) => `${workspace}/package.json`),
  ].flatMap((file) => {
    const manifest = JSON.parse(readFileSync(new URL(file, root), 'utf8')) as Manifest
    return fields.flatMap((field) => Object.keys(manifest[field] ?? {}))
  })
  const page = readFileSync(new URL('docs/dependencies.md', root), 'utf8')
  const named = [...page.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
  const hasReason = (library: string) =>
    named.some(
      (name) => name === library || (name.endsWith('/*') && library.startsWith(name.slice(0, -1))),
    )
  expect(libraries.length).toBeGreaterThan(30)
  expect(libraries.filter((library) => !hasReason(library))).toEqual([])
})

type Manifest = {
  readonly [field in 'dependencies' | 'devDependencies' | 'optionalDependencies']?: Record<
    string,
    string
  >
}

function namesOf(module: object): string[] {
  return Object.values(module).flatMap((value: unknown) => {
    if (is(value, PgTable)) return [getTableName(value)]
    return is(value, PgView) ? [getViewName(value)] : []
  })
}

/** The words a module brings into the world: permissions by key, errors by code, the rest by name. */
function wordsOf(module: object): string[] {
  return Object.entries(module).flatMap(([exported, value]) => {
    if (exported === 'permissions') return Object.keys(value as object)
    if (exported === 'errors')
      return Object.values(value as Record<string, { code: string }>).map(({ code }) => code)
    return typeof value === 'object' && value !== null && 'name' in value
      ? [String(value.name)]
      : []
  })
}

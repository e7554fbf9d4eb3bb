/** `npm run new:room NAME`: a room with the same furniture as all others, ready to be filled. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const [name = ''] = process.argv.slice(2)
if (!/^[a-z][a-z0-9]{1,30}$/.test(name))
  stop('Usage: npm run new:room NAME   (a noun: lower case letters and digits)')
const folder = path.join(root, 'server/src/features', name)
if (existsSync(folder)) stop(`There is a room ${name} already.`)

const constant = `${name}Routes`
const files: Readonly<Record<string, string>> = {
  'README.md': `# ${name}\n\nWhat this room is for, in one sentence.\n\n- What it owns.\n- What surprises people.\n`,
  'index.ts': `/** The ${name} room's front door. */
export { errors as ${name}Errors } from './errors.ts'
export { permissions as ${name}Permissions } from './permissions.ts'
export { personalData as ${name}Data } from './personal-data.ts'
export { ${constant} } from './routes.ts'
`,
  'tables.ts': `/** Everything the ${name} room stores. */
import { pgTable, text } from 'drizzle-orm/pg-core'
import { id, timestamps } from '../../platform/db/columns.ts'
import { userId } from '../users/index.ts'

export const items = pgTable('${name}_items', {
  id: id(),
  ownerId: userId('owner_id').notNull(),
  title: text('title').notNull(),
  ...timestamps,
})
export type Item = typeof items.$inferSelect
`,
  'errors.ts': `/** What the ${name} room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('${name}', {
  item_not_found: [404, 'There is no such item.'],
})
`,
  'events.ts': `/** Facts the ${name} room states. */
import { defineEvent } from '../../platform/events/index.ts'

export const itemCreated = defineEvent<{ title: string }>()('${name}.item_created')
`,
  'permissions.ts': `/** Permissions of the ${name} room, with what each allows. */
export const permissions = {
  '${name}.manage': 'Create and read your own items.',
} as const
`,
  'personal-data.ts': `/** What the ${name} room knows of a person. */
import { and, eq, gt } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Part, type PersonalData, inPages } from '../../platform/personal-data.ts'
import { items } from './tables.ts'

export const personalData: PersonalData = {
  room: '${name}',
  tables: ['${name}_items'],
  collect: (ctx, { id }) => [itemsOf(ctx, id)],
  erase: async (ctx, { id }) => {
    await ctx.tx((tx) => tx.db.delete(items).where(eq(items.ownerId, id)))
  },
}

function itemsOf({ db }: ReadCtx, ownerId: string): Part {
  const page = (after: string | null, limit: number) =>
    db
      .select({ id: items.id, title: items.title, createdAt: items.createdAt })
      .from(items)
      .where(and(eq(items.ownerId, ownerId), after === null ? undefined : gt(items.id, after)))
      .orderBy(items.id)
      .limit(limit)
  return { name: '${name}', rows: inPages(page, ({ id }) => id) }
}
`,
  'items.ts': `/** Items: replace this by the room's first subject. */
import { and, eq } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { errors } from './errors.ts'
import { itemCreated } from './events.ts'
import { type Item, items } from './tables.ts'

/** Another's item does not exist. */
export async function getItem(ctx: ReadCtx, id: string): Promise<Item> {
  const [found] = await ctx.db
    .select()
    .from(items)
    .where(and(eq(items.id, id), eq(items.ownerId, ctx.actor.id ?? '')))
  if (!found) throw errors.item_not_found()
  return found
}

export async function createItem(tx: TxCtx, input: { title: string }): Promise<Item> {
  const created = one(
    await tx.db
      .insert(items)
      .values({ ownerId: tx.actor.id ?? '', title: input.title })
      .returning(),
  )
  await tx.record(itemCreated, created.id, { title: created.title })
  return created
}
`,
  'routes.ts': `/** HTTP: items. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time } from '../../platform/http/schemas.ts'
import { errors } from './errors.ts'
import { createItem, getItem } from './items.ts'
import type { Item } from './tables.ts'

const Id = Type.String({ format: 'uuid' })
const ItemView = Type.Object({ id: Id, title: Type.String(), createdAt: Time })

export async function ${constant}(app: App) {
  app.get('/${name}/:id', {
    config: { can: '${name}.manage', errors: [errors.item_not_found] },
    schema: {
      operationId: '${name}.get',
      summary: 'One of your items',
      params: Type.Object({ id: Id }),
      response: { 200: dataOf(ItemView) },
    },
    handler: async (request) => ({ data: present(await getItem(request.ctx, request.params.id)) }),
  })

  app.post('/${name}', {
    config: { can: '${name}.manage' },
    schema: {
      operationId: '${name}.create',
      summary: 'Make an item',
      body: Type.Object({ title: Type.String({ minLength: 1, maxLength: 200 }) }),
      response: { 201: dataOf(ItemView) },
    },
    handler: async (request, reply) =>
      reply
        .code(201)
        .send({ data: present(await request.ctx.tx((tx) => createItem(tx, request.body))) }),
  })
}

const present = ({ id, title, createdAt }: Item) => ({
  id,
  title,
  createdAt: createdAt.toISOString(),
})
`,
  'items.test.ts': `import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'

const server = await startServer()

test('an item is there for its owner, and for nobody else', async () => {
  const owner = await server.as()
  const stranger = await server.as()
  const made = await owner.post('/api/v1/${name}', { title: 'First' })
  expect(made.status).toBe(201)

  const url = \`/api/v1/${name}/\${made.body.data.id}\`
  expect((await owner.get(url)).body.data.title).toBe('First')
  expect(await stranger.get(url)).toMatchObject({ status: 404 })
  expect(await server.anonymous.get(url)).toMatchObject({ status: 401 })
})
`,
}

mkdirSync(folder, { recursive: true })
for (const [file, content] of Object.entries(files)) writeFileSync(path.join(folder, file), content)
replaceIn(
  '.dependency-cruiser.mjs',
  /(const doors = \{\n(?:.*\n)*?)\}/,
  `$1  ${name}: ['users'],\n}`,
)
replaceIn(
  'server/src/app/rooms.ts',
  /(import \{[^}]*\} from '\.\.\/features\/users\/index\.ts'\n)/,
  `import { ${name}Data, ${name}Errors, ${name}Permissions } from '../features/${name}/index.ts'\n$1`,
)
replaceIn(
  'server/src/app/rooms.ts',
  /( {2}\.\.\.authPermissions,\n)/,
  `$1  ...${name}Permissions,\n`,
)
// In the list, not in the import that has the same line.
replaceIn('server/src/app/rooms.ts', /(errorsOf\(\[\n(?:.*\n)*?)(\]\))/, `$1  ${name}Errors,\n$2`)
replaceIn(
  'server/src/app/rooms.ts',
  /(const personalData: readonly PersonalData\[\] = \[\n {2}platformData,\n)/,
  `$1  ${name}Data,\n`,
)
replaceIn(
  'server/src/app/app.ts',
  /(import \{[^}]*\} from '\.\.\/features\/users\/index\.ts'\n)/,
  `import { ${constant} } from '../features/${name}/index.ts'\n$1`,
)
replaceIn(
  'server/src/app/app.ts',
  /( {6}await adminRoutes\(api\)\n)/,
  `$1      await ${constant}(api)\n`,
)
replaceIn(
  'server/src/features/access/built-in-roles.test.ts',
  /(const own = \[\n(?:.*\n)*?)(\])/,
  `$1  '${name}.manage',\n$2`,
)
replaceIn(
  'server/src/features/access/built-in-roles.ts',
  /(\] as const\n)/,
  `  '${name}.manage',\n$1`,
)

console.log(`The room ${name} stands in server/src/features/${name}, and its door is open in app/ and .dependency-cruiser.mjs.
Next: shape its tables, then "npx drizzle-kit generate --name ${name}", read the SQL, "npm run drift -- --write", "npm run check".`)

function replaceIn(file: string, pattern: RegExp, replacement: string): void {
  const target = path.join(root, file)
  const before = readFileSync(target, 'utf8')
  const after = before.replace(pattern, replacement)
  if (after === before) stop(`${file} does not look as expected; wire the room by hand.`)
  writeFileSync(target, after)
}

function stop(message: string): never {
  console.error(message)
  process.exit(1)
}

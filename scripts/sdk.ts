/**
 * The generated part of the SDK: `types.ts` by @hey-api/openapi-ts, and one file per room with its operations, whose
 * types are named as that tool names them.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createClient } from '@hey-api/openapi-ts'

type Parameter = { readonly in: string; readonly name: string }
type Operation = {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: {
    readonly content: Readonly<
      Record<
        string,
        { readonly schema?: { readonly properties?: Readonly<Record<string, object>> } }
      >
    >
  }
  readonly responses: Readonly<Record<string, unknown>>
}
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }
type Door = { readonly method: string; readonly url: string; readonly operation: Operation }

const warning =
  '// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.\n'

/**
 * No client calls these: a browser is sent there by an identity provider, a payment provider is the one who knocks, and
 * an alias is an older address of an operation that is here under its own name.
 */
const isForClients = ({ operation: { operationId, responses } }: Door) =>
  Object.keys(responses).some((status) => status.startsWith('2')) &&
  !operationId.endsWith('Alias') &&
  operationId !== 'inbox.takeStripeEvent'

/** Names that a module may export, and cannot declare. */
const reserved = new Set(
  'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with yield let static await implements interface package private protected public'.split(
    ' ',
  ),
)

/** The files below `sdk/src/generated`, by name. */
export async function renderSdk(document: object): Promise<Record<string, string>> {
  const { paths } = document as Document
  const doors = Object.entries(paths).flatMap(([url, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, url, operation })),
  )
  const rooms = Map.groupBy(doors.filter(isForClients), ({ operation }) => nameOf(operation).room)
  const files = [...rooms].map(([room, of]) => [`${room}.ts`, renderRoom(of)] as const)
  return { 'types.ts': await renderTypes(document), ...Object.fromEntries(files) }
}

async function renderTypes(document: object): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'ashlar-sdk-'))
  try {
    await createClient({
      input: structuredClone(document) as never,
      output: { path: directory, fileName: { suffix: null }, header: warning.trimEnd() },
      plugins: ['@hey-api/typescript'],
      logs: { level: 'silent', file: false },
    })
    return await readFile(path.join(directory, 'types.ts'), 'utf8')
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function renderRoom(doors: readonly Door[]): string {
  return [
    warning,
    `import { type Operation, operation } from '../operation.ts'`,
    `import type * as types from './types.ts'\n`,
    ...doors.map(renderOperation),
  ].join('\n')
}

function renderOperation({ method, url, operation }: Door): string {
  const { action } = nameOf(operation)
  const name = reserved.has(action) ? `${action}_` : action
  const { summary, description } = operation
  const told = [summary, ...(description ? [description] : [])].join('\n\n')
  const comment = told
    .replaceAll('*/', '*∕')
    .split('\n')
    .map((line) => ` * ${line}`.trimEnd())
  const marks = marksOf(operation)
  const given = [`'${method.toUpperCase()}'`, `'${url}'`, ...(marks ? [marks] : [])].join(', ')
  return [
    ['/**', ...comment, ' */'].join('\n'),
    `${name === action ? 'export ' : ''}const ${name}: Operation<${typesOf(operation).join(', ')}> =`,
    `  /* @__PURE__ */ operation(${given})`,
    ...(name === action ? [] : [`export { ${name} as ${action} }`]),
    '',
  ].join('\n')
}

/** What the runtime has to know of an operation beside its address. */
function marksOf({ parameters = [], requestBody }: Operation): string | null {
  const isKeyed = parameters.some(({ name }) => name === 'idempotency-key')
  const body = requestBody?.content['application/json']?.schema?.properties ?? {}
  const marks = [
    ...(isKeyed ? ['isKeyed: true'] : []),
    ...('mode' in body ? ['hasMode: true'] : []),
  ]
  return marks.length > 0 ? `{ ${marks.join(', ')} }` : null
}

function typesOf({ operationId, responses }: Operation): string[] {
  const name = operationId
    .split('.')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
  const hasErrors = Object.keys(responses).some((status) => Number(status) >= 400)
  return ['Data', 'Response', ...(hasErrors ? ['Error'] : [])].map((part) => `types.${name}${part}`)
}

function nameOf({ operationId }: Operation): { room: string; action: string } {
  const [room = '', action = ''] = operationId.split('.')
  return { room, action }
}

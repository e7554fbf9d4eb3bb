/** The API over HTTP: who asks, what for, under which idempotency key, and what goes wrong on the way. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { takeAccount } from './accounts.ts'
import { checkKey } from './authentication.ts'
import { StripeError, envelopeOf, internal, invalid } from './errors.ts'
import { expandAnswer, readExpand } from './expand.ts'
import type { Ordered, RequestFault } from './faults.ts'
import { type FormObject, canonicalForm, decodeForm } from './form.ts'
import { type Claim, type IdempotencyKeys, type KeptAnswer, inProgress } from './idempotency.ts'
import { newId } from './ids.ts'
import { readParameters } from './parameters.ts'
import { type Route, findRoute } from './routes.ts'
import { type Home, type World, homeOf } from './world.ts'

export type Api = {
  readonly world: World
  readonly keys: IdempotencyKeys
  readonly apiKey: string
}

/** Null when the connection is to be lost. */
type Outcome = { status: number; body: string; headers: Record<string, string> } | null

export async function answerApi(
  api: Api,
  message: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const requestId = newId('req', 14)
  const outcome = await work(api, message, body, requestId).catch((error: unknown) =>
    failure(error, requestId),
  )
  if (!outcome) {
    message.socket.destroy()
    return
  }
  response.writeHead(outcome.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(outcome.body),
    'request-id': requestId,
    'stripe-version': api.world.apiVersion,
    ...outcome.headers,
  })
  response.end(outcome.body)
}

async function work(
  api: Api,
  message: IncomingMessage,
  body: string,
  requestId: string,
): Promise<Outcome> {
  const { world } = api
  const [path = '/', query = ''] = (message.url ?? '/').split('?', 2)
  const method = message.method ?? 'GET'
  checkKey(message.headers.authorization, api.apiKey)
  const route = findRoute(method, path)
  checkVersion(headerOf(message, 'stripe-version'), world.apiVersion)
  const isAdmin = path.startsWith('/_twin/')
  const { id: accountId } = takeAccount(
    world,
    headerOf(message, 'stripe-account') ?? world.platform.accountId,
  )
  const home = homeOf(world, accountId)
  const fault = isAdmin ? null : world.plan.ofRequest(`${method} ${path}`)
  if (fault?.fault === 'drop_before') return null
  refuseBefore(fault)
  const form = decodeForm(method === 'POST' ? body : query)
  const key = method === 'POST' ? headerOf(message, 'idempotency-key') : null
  const claim = claimKey(api, home, key, `${method} ${path} ${canonicalForm(form)}`)
  const headers = headersOf(message, key)
  if (claim?.kind === 'replay') return replayed(claim.answer, headers)
  const answer = await execute(api, { route, home, form, fault, key, claim, requestId })
  if (fault?.fault === 'drop_after') return null
  return {
    ...answer,
    headers: {
      ...headers,
      ...(key !== null && { 'original-request': requestId }),
      // What is kept would only come again.
      ...(answer.status >= 400 && { 'stripe-should-retry': 'false' }),
    },
  }
}

type Execution = {
  route: Route
  home: Home
  form: FormObject
  fault: Ordered<RequestFault> | null
  key: string | null
  claim: Extract<Claim, { kind: 'run' }> | null
  requestId: string
}

async function execute(api: Api, execution: Execution): Promise<KeptAnswer> {
  const { world } = api
  const { home, form, fault, key, claim, requestId } = execution
  const { operation, parts } = execution.route
  const prepare = () => {
    const { expand, ...rest } = form
    const paths = readExpand(expand, operation.answers, operation.isList)
    return { paths, values: readParameters(rest, operation.parameters) }
  }
  let ready: ReturnType<typeof prepare>
  try {
    ready = prepare()
    if (fault?.fault === 'delay') await (fault.until?.() ?? pause(fault.amount))
  } catch (error) {
    claim?.release()
    throw error
  }
  const { values, paths } = ready
  const isAdmin = operation.path.startsWith('/_twin/')
  world.request = isAdmin ? null : { id: requestId, idempotencyKey: key }
  let answer: KeptAnswer
  try {
    world.clock.catchUp()
    const part = (name: string) => parts[name] ?? ''
    const now = world.clock.now()
    const done = operation.run({ home, now, values, url: world.url, part })
    // All of the API is done at once, so that it is written down together with its answer; only the admin's work takes its time.
    const expanded = expandAnswer(home, done instanceof Promise ? await done : done, paths)
    answer = { status: 200, body: JSON.stringify(expanded, null, 2), requestId }
  } catch (error) {
    answer = failed(requestId, error)
  }
  world.request = null
  if (fault?.fault === 'error_after')
    answer = failed(requestId, internal('An unknown error occurred.'))
  claim?.keep(answer)
  world.memory.commit()
  return answer
}

function failed(requestId: string, error: unknown): KeptAnswer {
  const { status, body } = failure(error, requestId)
  return { status, body, requestId }
}

function claimKey(api: Api, home: Home, key: string | null, fingerprint: string) {
  if (key === null) return null
  return api.keys.claim(`${home.accountId}:${key}`, fingerprint, api.world.clock.now())
}

function replayed(answer: KeptAnswer, headers: Record<string, string>): Outcome {
  return {
    status: answer.status,
    body: answer.body,
    headers: {
      ...headers,
      'idempotent-replayed': 'true',
      'original-request': answer.requestId,
      ...(answer.status >= 400 && { 'stripe-should-retry': 'false' }),
    },
  }
}

/** Nothing was done yet: these may be tried again, under the same key. */
function refuseBefore(fault: Ordered<RequestFault> | null): void {
  if (fault?.fault === 'rate_limit')
    throw new StripeError(429, 'invalid_request_error', 'Too many requests; please slow down.', {
      code: 'rate_limit',
    })
  if (fault?.fault === 'conflict') throw inProgress('of somebody else')
  if (fault?.fault === 'error_before') throw internal('Nothing was done: please try again.')
}

function failure(error: unknown, requestId: string) {
  const known =
    error instanceof StripeError
      ? error
      : internal(error instanceof Error ? (error.stack ?? error.message) : String(error))
  const isWorthRetrying = known.status === 409 || known.status === 429 || known.status >= 500
  return {
    status: known.status,
    body: JSON.stringify(envelopeOf(known, requestId), null, 2),
    headers: { 'stripe-should-retry': String(isWorthRetrying) },
  }
}

/** Stripe has a shape for each of its versions; the twin has one, and does not pretend. */
function checkVersion(wanted: string | null, spoken: string): void {
  if (wanted === null || wanted === spoken) return
  throw invalid(`Invalid Stripe API version: ${wanted}. This twin speaks ${spoken} only.`)
}

function headersOf(message: IncomingMessage, key: string | null): Record<string, string> {
  const account = headerOf(message, 'stripe-account')
  return {
    ...(key !== null && { 'idempotency-key': key }),
    ...(account !== null && { 'stripe-account': account }),
  }
}

function headerOf(message: IncomingMessage, name: string): string | null {
  const value = message.headers[name]
  return typeof value === 'string' && value !== '' ? value : null
}

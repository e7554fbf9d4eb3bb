/**
 * Credentials that no cache remembers cost a query each. Who keeps sending wrong ones is refused before the query: per
 * client a few look-ups run at once, the others wait, and after a number of failures none is made.
 * A credential that was right a while ago is looked up whatever its neighbours at the same address send.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Limits } from '../limits/index.ts'
import type { LookUp } from './options.ts'
import type { Throttle } from './throttle.ts'

const policy = 'unknown_credentials'
/** Look-ups of one client that run at the same time: what it can exceed the limit by. */
const atOnce = 8
/** Credentials remembered as right, the one that was so longest ago goes first. About 3 MB when full. */
const maxRight = 20_000

type Client = { running: number; readonly waiting: (() => void)[] }

/** Makes what a request's credential is looked up through. */
export function openLookups(
  limits: Pick<Limits, 'peekLocal' | 'takeLocal'>,
  throttle: Pick<Throttle, 'enforce'>,
): (request: FastifyRequest, reply: FastifyReply) => LookUp {
  const clients = new Map<string, Client>()
  const right = new Set<string>()

  const remember = (credential: string) => {
    // Deleting first moves it to the end of the set's order.
    right.delete(credential)
    right.add(credential)
    if (right.size > maxRight) right.delete(right.values().next().value ?? '')
  }

  return ({ clientKey, routeOptions }, reply) =>
    async (credential, find) => {
      const look = async () => {
        const decision = limits.peekLocal(policy, clientKey)
        if (!decision.isAllowed && !right.has(credential)) {
          // Who signs in has its own limits, and is not kept out by an old credential sent along.
          if (routeOptions.config.csrf === 'signIn') return null
          throttle.enforce(reply, decision)
        }
        const found = await find()
        if (found === null) {
          right.delete(credential)
          limits.takeLocal(policy, clientKey)
        } else remember(credential)
        return found
      }
      return right.has(credential) ? look() : inTurn(clients, clientKey, look)
    }
}

/** Runs `work` when fewer than `atOnce` of the same client run. Only clients that have some running are remembered. */
async function inTurn<T>(
  clients: Map<string, Client>,
  key: string,
  work: () => Promise<T>,
): Promise<T> {
  const client = clients.get(key) ?? { running: 0, waiting: [] }
  clients.set(key, client)
  // Whoever ends hands its place over, so it is counted once.
  if (client.running >= atOnce) await new Promise<void>((go) => client.waiting.push(go))
  else client.running += 1
  try {
    return await work()
  } finally {
    const next = client.waiting.shift()
    if (next) next()
    else client.running -= 1
    if (client.running === 0) clients.delete(key)
  }
}

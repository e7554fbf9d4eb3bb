/** The ground that trials are held on: a database, the stand-in for Stripe, two servers and two workers, one of each to die. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Location } from '../../server/src/app/database.ts'
import { type CrashPoint, crashPoints } from '../../server/src/platform/crash-points.ts'
import { post } from '../person.ts'
import { type Gateway, openGateway } from './gateway.ts'
import { type Inside, openInside } from './inside.ts'
import {
  type CrashPlan,
  type Member,
  type Place,
  startApi,
  startTwin,
  startWorker,
  temporaryDirectory,
} from './processes.ts'
import type { Disorder } from './scenario.ts'
import { type StripeSide, stripeSide } from './stripe.ts'

export type Ground = {
  readonly inside: Inside
  readonly stripe: StripeSide
  /** Where clients and Stripe send to. */
  readonly gateway: Gateway
  readonly authorization: string
  /** Starts those that are to die; what it returns kills who lives longer than that, and tells their plans: † came true. */
  arm(disorder: Disorder): Promise<(withinMs: number) => Promise<string[]>>
  close(): Promise<void>
}

/** Where servers pass, and where workers do. The ledger’s places and the applier’s are passed by workers alone. */
const isOfServers = (point: CrashPoint) =>
  /^(idempotency|jobs)[.]|^inbox[.](while_storing|after_store|after_ack)$|^payments[.](before_keep|after_keep|after_call|after_note)$/.test(
    point,
  )
const pointsOf = {
  api: crashPoints.filter(isOfServers),
  // Sweepers run in the trial's own process.
  worker: crashPoints.filter(
    (point) =>
      point !== 'payments.after_resend' && (!isOfServers(point) || point.startsWith('jobs.')),
  ),
}

export async function openGround(location: Location): Promise<Ground> {
  const closers: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const each of closers.toReversed()) await each()
  }
  try {
    const directory = await temporaryDirectory()
    closers.push(directory.remove)
    const gateway = await openGateway()
    closers.push(gateway.close)
    const twin = await startTwin(`${gateway.url}/api/v1/webhooks/stripe`)
    closers.push(twin.stop)
    const place: Place = { location, dataDir: directory.path, twinUrl: twin.url }
    const inside = await openInside(place)
    closers.push(inside.close)
    const worker = await startWorker(place)
    closers.push(worker.stop)
    const server = await startApi(place)
    closers.push(server.stop)
    gateway.lead([server.url])
    const armed = new Set<Member>()
    closers.push(() => Promise.all([...armed].map((each) => each.kill())))
    return {
      inside,
      stripe: stripeSide(twin.url),
      gateway,
      authorization: await signIn(inside, server.url),
      arm: async (disorder) => {
        const plans = { api: planOf('api', disorder), worker: planOf('worker', disorder) }
        const victims = await Promise.all([
          ...(plans.api ? [startVictim(startApi, plans.api)] : []),
          ...(plans.worker ? [startVictim(startWorker, plans.worker)] : []),
        ])
        gateway.lead([
          server.url,
          ...victims.flatMap(({ member: { url } }) => (url === '' ? [] : [url])),
        ])
        // So that the work is for whoever is to die of it; and who comes back later has missed something.
        if (plans.worker) worker.freeze()
        return async (withinMs) => {
          const ends = victims.map(({ member }) => member.ended)
          await Promise.race([Promise.all(ends), pause(withinMs)])
          worker.wake()
          const told = victims.map(({ member, plan }) => `${plan}${member.isAlive() ? '' : '†'}`)
          for (const { member } of victims) {
            await member.kill()
            armed.delete(member)
          }
          gateway.lead([server.url])
          // Those of the trial alone may die.
          for (const each of [server, worker, twin])
            if (!each.isAlive())
              throw new Error(`${each.name} ended by itself: ${await each.ended}`)
          return told
        }

        async function startVictim(start: typeof startApi, plan: CrashPlan) {
          const member = await start(place, [plan])
          armed.add(member)
          return { member, plan }
        }
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function planOf(part: 'api' | 'worker', { crash }: Disorder): CrashPlan | null {
  const plan = crash[part]
  const points = pointsOf[part]
  const point = plan && points[plan.point % points.length]
  return plan && point ? `${point}:${plan.pass}` : null
}

async function signIn(inside: Inside, url: string): Promise<string> {
  const account = await inside.givenAccount()
  const reply = await post(url, '/api/v1/auth/login', { ...account, mode: 'token' })
  const { data } = (await reply.json()) as { data: { accessToken: string } }
  return `Bearer ${data.accessToken}`
}

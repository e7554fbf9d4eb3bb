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

/** A place that nobody passes in that time is not passed. */
const patienceMs = 30_000

export type Ground = {
  readonly inside: Inside
  readonly stripe: StripeSide
  /** Where clients and Stripe send to. */
  readonly gateway: Gateway
  /** Of whoever pays, and of whoever gives back: new for each trial, because signing in does not last. */
  readonly authorizations: Readonly<Record<'customer' | 'finance', string>>
  renew(): Promise<void>
  /** Starts those that are to die; what it returns kills who lives longer than that, and tells their plans: † came true. */
  arm(disorder: Disorder): Promise<(withinMs: number) => Promise<string[]>>
  /** One server or worker that dies there and has all the work until then; returns when it has died of it. */
  sacrifice(part: 'api' | 'worker', point: CrashPoint, work: () => Promise<unknown>): Promise<void>
  close(): Promise<void>
}

/** Where servers pass, and where workers do. What the ledger and the appliers pass both do, or workers alone. */
const ofServers: readonly CrashPoint[] = [
  'inbox.while_storing',
  'inbox.after_store',
  'inbox.after_ack',
  'payments.before_keep',
  'payments.after_keep',
  'payments.after_call',
  'payments.after_note',
  'payments.after_close',
  'refunds.after_keep',
  'refunds.after_call',
  'refunds.after_note',
  'disputes.after_keep',
  'disputes.after_call',
]
const ofBoth: readonly CrashPoint[] = ['refunds.after_claim', 'refunds.after_settle']
/** Sweepers and comparisons run in the trial's own process. */
const ofNobody = /^reconciliation[.]|^payments[.]after_resend$|^refunds[.]after_surplus$/
const isOfServers = (point: CrashPoint) =>
  /^(idempotency|jobs)[.]/.test(point) || [...ofServers, ...ofBoth].includes(point)
const isOfWorkers = (point: CrashPoint) =>
  /^jobs[.]/.test(point) || ofBoth.includes(point) || !isOfServers(point)
const pointsOf = {
  api: crashPoints.filter((point) => !ofNobody.test(point) && isOfServers(point)),
  worker: crashPoints.filter((point) => !ofNobody.test(point) && isOfWorkers(point)),
}
/** Whoever is to die while money goes back had better pass there. */
const isOfAftermath = (point: CrashPoint) => /^(refunds|disputes)[.]/.test(point)

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
    const people = {
      customer: await inside.givenAccount(),
      finance: await inside.givenAccount('finance'),
    }
    const signedIn = async () => ({
      customer: await signIn(people.customer, server.url),
      finance: await signIn(people.finance, server.url),
    })
    const authorizations = await signedIn()
    const armed = new Set<Member>()
    closers.push(() => Promise.all([...armed].map((each) => each.kill())))
    return {
      inside,
      stripe: stripeSide(twin.url),
      gateway,
      authorizations,
      renew: async () => void Object.assign(authorizations, await signedIn()),
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
      sacrifice: async (part, point, work) => {
        const victim = await { api: startApi, worker: startWorker }[part](place, [`${point}:1`])
        armed.add(victim)
        if (part === 'worker') worker.freeze()
        else gateway.lead([victim.url])
        // Whoever asks it is not answered, and a connection to the one before is of no use: so it is asked until it dies.
        const until = Date.now() + patienceMs
        do await work().catch(() => null)
        while (part === 'api' && victim.isAlive() && Date.now() < until)
        const signal = await Promise.race([victim.ended, pause(patienceMs, 'too late' as const)])
        worker.wake()
        gateway.lead([server.url])
        await victim.kill()
        armed.delete(victim)
        if (signal !== 'SIGKILL') throw new Error(`${part} did not die at ${point}: ${signal}`)
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function planOf(part: 'api' | 'worker', { crash, killsIn }: Disorder): CrashPlan | null {
  const plan = crash[part]
  if (!plan) return null
  const all = pointsOf[part]
  const own = all.filter(isOfAftermath)
  const others = all.filter((point) => !isOfAftermath(point))
  // Half of them there, half of them at what everybody passes.
  const points = killsIn === 'paying' || plan.point % 2 === 0 ? others : own
  const point = points[(plan.point >>> 1) % points.length]
  return point ? `${point}:${plan.pass}` : null
}

async function signIn(
  account: Awaited<ReturnType<Inside['givenAccount']>>,
  url: string,
): Promise<string> {
  const reply = await post(url, '/api/v1/auth/login', { ...account, mode: 'token' })
  const { data } = (await reply.json()) as { data: { accessToken: string } }
  return `Bearer ${data.accessToken}`
}

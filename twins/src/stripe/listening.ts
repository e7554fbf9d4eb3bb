/** Whether somebody listens at an address. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** A product that is started with its twin takes a while longer. */
const longestMs = 60_000
const pollMs = 200
const answerMs = 2_000

/** At the latest after a minute: then it is tried all the same, and again as always. */
export async function untilListening(url: string, ended: AbortSignal): Promise<void> {
  const { hostname, port, protocol } = new URL(url)
  const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
  const host = hostname.replace(/^\[|\]$/g, '')
  for (const until = Date.now() + longestMs; Date.now() < until && !ended.aborted;) {
    if (await answers(number, host, ended)) return
    await pause(pollMs, null, { ref: false })
  }
}

async function answers(port: number, host: string, ended: AbortSignal): Promise<boolean> {
  const socket = connect(port, host).on('error', () => {})
  try {
    const signal = AbortSignal.any([ended, AbortSignal.timeout(answerMs)])
    await once(socket, 'connect', { signal })
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

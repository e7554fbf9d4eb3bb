/**
 * Password hashing off the event loop: argon2id (RFC 9106) with a bounded number at once, so that a flood of
 * sign-ins costs memory and threads up to a limit and the rest of the product stays responsive.
 */
import { hash as argonHash, verify as argonVerify } from '@node-rs/argon2'
import { defineErrors } from '../errors.ts'

export const passwordErrors = defineErrors('passwords', {
  busy: [503, 'Too many sign-ins at once. Try again in a moment.'],
})

export type PasswordHasher = {
  /** An argon2id hash with its parameters and salt. Throws `passwords.busy` (503) when the queue is full. */
  hash(password: string): Promise<string>
  /** Whether the password fits; with `null` it takes as long and says no, so that an unknown account looks like a wrong password. */
  verify(hash: string | null, password: string): Promise<boolean>
}

export type HashCost = {
  readonly memoryKib: number
  readonly iterations: number
  readonly parallelism: number
}

/** The library's number for argon2id; its enum does not exist at run time. */
const argon2id = 2
/** Waiting callers per running hash; beyond that the answer is 503 at once instead of a long wait. */
const queuePerSlot = 100
const longestWaitMs = 10_000

export async function openPasswordHasher(
  cost: HashCost & { readonly concurrency: number },
): Promise<PasswordHasher> {
  const options = {
    algorithm: argon2id,
    memoryCost: cost.memoryKib,
    timeCost: cost.iterations,
    parallelism: cost.parallelism,
  }
  const slots = openSlots(cost.concurrency, cost.concurrency * queuePerSlot)
  // Verified against when there is no account: same cost, and nobody's password.
  const nobody = await argonHash(`${Math.random()}`, options)
  return {
    hash: (password) => slots(() => argonHash(password, options)),
    verify: (stored, password) =>
      slots(async () => (await argonVerify(stored ?? nobody, password)) && stored !== null),
  }
}

/** Runs at most `size` at once; at most `queueLimit` wait, none longer than `longestWaitMs`. */
function openSlots(size: number, queueLimit: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: { start: () => void; refuse: () => void; timer: NodeJS.Timeout }[] = []
  let running = 0
  const acquire = () => {
    if (running < size) {
      running += 1
      return Promise.resolve()
    }
    if (waiting.length >= queueLimit) return Promise.reject(passwordErrors.busy())
    return new Promise<void>((start, reject) => {
      const entry = {
        start,
        refuse: () => {
          waiting.splice(waiting.indexOf(entry), 1)
          reject(passwordErrors.busy())
        },
        timer: setTimeout(() => entry.refuse(), longestWaitMs),
      }
      waiting.push(entry)
    })
  }
  const release = () => {
    const next = waiting.shift()
    if (!next) {
      running -= 1
      return
    }
    clearTimeout(next.timer)
    next.start()
  }
  return async (work) => {
    await acquire()
    try {
      return await work()
    } finally {
      release()
    }
  }
}

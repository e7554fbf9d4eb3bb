/**
 * Password hashing off the event loop: argon2id (RFC 9106) with a bounded number at once, so that a flood of
 * sign-ins costs memory and threads up to a limit and the rest of the product stays responsive.
 */
import { hash as argonHash, verify as argonVerify } from '@node-rs/argon2'
import { type ImportedVerifiers, verifyImported } from './imported.ts'
import { openSlots } from './slots.ts'

export { type BreachList, type BreachOutcome, openBreachList } from './breaches.ts'
export { passwordErrors } from './errors.ts'
export type { Strength } from './strength.ts'
export { type PasswordThread, openPasswordThread } from './thread.ts'

export type PasswordHasher = {
  /** An argon2id hash with its parameters and salt. Throws `passwords.busy` (503) when the queue is full. */
  hash(password: string): Promise<string>
  /**
   * Whether the password fits; with `null` it takes as long and says no, so that an unknown account looks like a wrong
   * password. Besides argon2 it reads what other systems stored: bcrypt, and scrypt and PBKDF2 as PHC strings.
   */
  verify(hash: string | null, password: string): Promise<boolean>
  /** Whether a hash was made in another way or at another cost than `hash` makes it now. */
  isOutdated(hash: string): boolean
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

export async function openPasswordHasher(
  cost: HashCost & { readonly concurrency: number },
  imported: ImportedVerifiers,
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
  const current = nobody.split('$').slice(0, 4).join('$')
  return {
    hash: (password) => slots(() => argonHash(password, options)),
    verify: (stored, password) =>
      slots(async () => {
        if (stored !== null && !stored.startsWith('$argon2'))
          return verifyImported(imported, stored, password)
        return (await argonVerify(stored ?? nobody, password)) && stored !== null
      }),
    isOutdated: (stored) => !stored.startsWith(`${current}$`),
  }
}

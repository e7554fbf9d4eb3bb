/** A sign-in that waits for its second step. */
import type { login } from '@ashlar/sdk/auth'
import { renewSession } from '../../frame/session.ts'

export type SignInAnswer = Awaited<ReturnType<typeof login>>
export type Held = {
  readonly pendingToken: string
  readonly methods: readonly string[]
}

/** What every way of signing in ends with. */
export type Door = {
  readonly hold: (held: Held) => void
  readonly onEntered: () => void
}

/** Goes on with what a way in answers: in, or to the second step. */
export async function enter(answer: SignInAnswer, { hold, onEntered }: Door): Promise<void> {
  if ('twoFactorRequired' in answer) return hold(answer)
  onEntered()
  await renewSession()
}

/** How a provider sent somebody back (docs/sign-in-providers.md). */
export function heldIn(fragment: URLSearchParams): Held | null {
  const pendingToken = fragment.get('pendingToken')
  if (pendingToken === null) return null
  return { pendingToken, methods: fragment.get('methods')?.split(',') ?? [] }
}

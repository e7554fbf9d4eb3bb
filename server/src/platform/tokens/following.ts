/** A running process hears of rotations and retirements. */
import type { Invalidations } from '../cache/index.ts'
import type { TokenSigner } from './signer.ts'
import { signingKeysTopic } from './signing-keys.ts'

/** Time until a reading that failed is tried again. */
const retryMs = 1_000

/** Reads the ring anew when another process changed it, and again until that succeeds. Returns how to stop. */
export function followRotations(
  tokens: TokenSigner,
  invalidations: Invalidations,
  onError: (error: unknown) => void,
): () => void {
  let isOver = false
  let timer: NodeJS.Timeout | undefined
  const read = () => {
    clearTimeout(timer)
    tokens.reload().catch((error: unknown) => {
      if (isOver) return
      onError(error)
      timer = setTimeout(read, retryMs)
      timer.unref()
    })
  }
  invalidations.listen(signingKeysTopic, read)
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}

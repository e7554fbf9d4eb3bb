/** A pause that can be cut short, also when the call to wake came just before it began. */

export type Waker = {
  /** Resolves after `ms`, or as soon as `wake` is called. */
  sleep(ms: number): Promise<void>
  wake(): void
}

export function createWaker(): Waker {
  let isCalled = false
  let end: (() => void) | null = null
  return {
    sleep: async (ms) => {
      if (!isCalled) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          end = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      isCalled = false
      end = null
    },
    wake: () => {
      isCalled = true
      end?.()
    },
  }
}

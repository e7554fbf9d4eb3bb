/**
 * Lets a process of the other version take a job that this one does not know: the store would offer it here again and
 * again, because whoever waits longest is served first.
 */

/** Long enough for a job that was put back to come up again and be taken by somebody else. */
const asideMs = 2_500

type Intake = { pause(doNotWaitActive: boolean): Promise<void>; resume(): unknown }

export type Aside = {
  /** Takes no more jobs of this queue for a while; the running ones go on. */
  step(queue: string, worker: Intake): Promise<void>
  stop(): void
}

/** `mayResume` is asked when the while is over; if not, whoever closed the intake opens it. */
export function createAside(mayResume: () => boolean, onError: (error: unknown) => void): Aside {
  const timers = new Map<string, NodeJS.Timeout>()
  return {
    step: async (queue, worker) => {
      clearTimeout(timers.get(queue))
      const resume = async () => {
        timers.delete(queue)
        if (mayResume()) await worker.resume()
      }
      timers.set(
        queue,
        setTimeout(() => resume().catch(onError), asideMs),
      )
      await worker.pause(true)
    },
    stop: () => {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}

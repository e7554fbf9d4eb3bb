/** The connections of the pool: each reports every statement, and sends together what is asked of it together. */
import { Client, type ClientBase } from 'pg'

/** Called once per statement with how long it took; of statements sent together, from then on. */
export type OnQuery = (text: string, seconds: number, error: Error | null) => void

/** Of a connection: the failure that came first since it began its transaction. */
const failures = new WeakMap<ClientBase, Error>()

/** What went wrong first in the transaction of a connection; statements behind it fail because of it. Null if nothing. */
export const firstFailure = (client: ClientBase): Error | null => failures.get(client) ?? null

/** What does no harm outside of a transaction, should there be none after all. */
const readPattern = /^select\b/i

export function clientClass(onQuery: OnQuery): typeof Client {
  return class extends Client {
    #isGathering = false
    /** Until PostgreSQL has said that the transaction is open; for good when it has said no. */
    #beginning: Promise<unknown> | null = null
    #isHeld = false

    override query(...args: unknown[]): never {
      const [first] = args
      const text = typeof first === 'string' ? first : ((first as { text?: string })?.text ?? '')
      if (this.#beginning && (this.#isHeld || !readPattern.test(text))) {
        this.#isHeld = true
        return this.#beginning.then(() => this.#send(text, args)) as never
      }
      const result = this.#send(text, args)
      if (text === 'begin' && result instanceof Promise) this.#begin(result)
      return result as never
    }

    /**
     * Reads go along with `begin`; everything else waits for its answer, and fails with it: without a transaction each
     * statement would stand for itself.
     */
    #begin(begun: Promise<unknown>): void {
      failures.delete(this)
      this.#isHeld = false
      this.#beginning = begun
      begun.then(
        () => {
          this.#beginning = null
          this.#isHeld = false
          return null
        },
        () => {},
      )
    }

    #send(text: string, args: unknown[]): unknown {
      this.#gather()
      const started = performance.now()
      const report = (error: Error | null) => {
        if (error && !failures.has(this)) failures.set(this, error)
        onQuery(text, (performance.now() - started) / 1000, error)
      }
      const last = args.at(-1)
      if (typeof last === 'function') {
        args[args.length - 1] = (error: Error | null, ...rest: unknown[]) => {
          report(error)
          ;(last as (...values: unknown[]) => void)(error, ...rest)
        }
        return Reflect.apply(super.query, this, args)
      }
      const result: unknown = Reflect.apply(super.query, this, args)
      if (result instanceof Promise) {
        result.then(
          () => report(null),
          (error: Error) => report(error),
        )
      }
      return result
    }

    /** One write to the kernel, and one waking of PostgreSQL, for all statements until the running code waits. */
    #gather(): void {
      if (this.#isGathering) return
      this.#isGathering = true
      const { stream } = this.connection
      stream.cork()
      process.nextTick(() => {
        this.#isGathering = false
        stream.uncork()
      })
    }
  }
}

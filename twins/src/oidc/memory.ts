/** Where the provider keeps its sessions, codes and grants: in memory, each twin for itself. */

type Stored = {
  readonly grantId?: string
  readonly uid?: string
  readonly consumed?: number
  readonly [name: string]: unknown
}

/** A class, as `oidc-provider` wants one per kind of thing; all of them share one memory. */
export function makeMemory() {
  const kept = new Map<string, { readonly value: Stored; readonly until: number }>()

  return class Memory {
    readonly #kind: string

    constructor(kind: string) {
      this.#kind = kind
    }

    async upsert(id: string, value: Stored, expiresInSeconds = Infinity): Promise<void> {
      kept.set(this.#keyOf(id), { value, until: Date.now() + expiresInSeconds * 1000 })
    }

    async find(id: string): Promise<Stored | undefined> {
      const found = kept.get(this.#keyOf(id))
      return found && found.until > Date.now() ? found.value : undefined
    }

    async findByUid(uid: string): Promise<Stored | undefined> {
      for (const [key, { value }] of kept)
        if (key.startsWith(`${this.#kind}:`) && value.uid === uid) return value
      return undefined
    }

    async consume(id: string): Promise<void> {
      const found = kept.get(this.#keyOf(id))
      if (!found) return
      const value = { ...found.value, consumed: Math.floor(Date.now() / 1000) }
      kept.set(this.#keyOf(id), { ...found, value })
    }

    async destroy(id: string): Promise<void> {
      kept.delete(this.#keyOf(id))
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      for (const [key, { value }] of kept) if (value.grantId === grantId) kept.delete(key)
    }

    #keyOf(id: string): string {
      return `${this.#kind}:${id}`
    }
  }
}

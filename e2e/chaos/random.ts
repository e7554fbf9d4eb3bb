/** Chance from a seed: the same seed, the same choices, on every machine. */

export type Random = {
  /** From 0 up to, and without, 1. */
  next(): number
  below(limit: number): number
  pick<Item>(items: readonly Item[]): Item
  shuffled<Item>(items: readonly Item[]): Item[]
  chance(share: number): boolean
}

/** mulberry32 by Tommy Ettinger: 32 bits of state are enough to tell trials apart. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    pick: (items) => {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error('there is nothing to choose from')
      return item
    },
    shuffled: (items) => {
      const mixed = [...items]
      for (let last = mixed.length - 1; last > 0; last -= 1) {
        const other = below(last + 1)
        const [left, right] = [mixed[last], mixed[other]]
        if (left !== undefined && right !== undefined) {
          mixed[last] = right
          mixed[other] = left
        }
      }
      return mixed
    },
    chance: (share) => next() < share,
  }
}

/** What every process of ours is started with, before anything of its own is loaded. */

export const preload: readonly string[] = [
  '--import',
  new URL('../resolve-once.ts', import.meta.url).href,
]

/** What a page of the twin is given and gives back. */
import type { World } from './world.ts'

export type Visit = {
  readonly world: World
  /** The rest of the path. */
  readonly id: string
  /** Null when the page is only looked at. */
  readonly form: URLSearchParams | null
}

export type Shown = { status: number; html: string } | { location: string }

/** What a room says of itself to the application: its screens, and where the navigation shows them. */
import type { FunctionComponent } from 'react'
import type { NavIcon } from './nav-icons.tsx'
import type { Worded } from './words.ts'

export type NavGroup = 'start' | 'people' | 'money' | 'watch' | 'system'

export type ScreenOf = {
  /** `/admin/users/$id`. Below `/admin` it is the console's, below `/account` the portal's; else it stands alone. */
  readonly path: string
  readonly load: () => Promise<{ readonly default: FunctionComponent }>
  /** The permission that its first request needs; whoever lacks it is not offered the screen. */
  readonly can?: string
  /** Closed to whoever acts in somebody's account: the server refuses it, so it is not offered. */
  readonly isForOwner?: true
  /** Where the navigation has it; without it one gets there from another screen. */
  readonly nav?: {
    readonly group: NavGroup
    readonly title: Worded<'title'>
    readonly icon: NavIcon
  }
}

export type RoomScreens = readonly ScreenOf[]

export const defineScreens = (...screens: readonly ScreenOf[]): RoomScreens => screens
export const title = (en: string, de: string): Worded<'title'> => ({
  en: { title: en },
  de: { title: de },
})

/** The console: what administrators see around their screens. */
import type { NavGroup, ScreenOf } from '../frame/room.ts'
import { useMay } from '../frame/session.ts'
import { useWords } from '../frame/words.ts'
import { ActingBanner } from './acting-banner.tsx'
import { PaletteButton } from './palette-button.tsx'
import { rooms } from './rooms.ts'
import { Shell } from './shell.tsx'
import { shellWords } from './shell-words.ts'

const groups: readonly NavGroup[] = ['start', 'people', 'money', 'watch', 'system']

export default function ConsoleShell() {
  const words = useWords(shellWords)
  const may = useMay()
  const isOffered = ({ path, nav, can }: ScreenOf) =>
    nav !== undefined && path.startsWith('/admin') && (can === undefined || may(can))
  const reference = { href: '/api/v1/docs', title: words.reference, icon: 'book' as const }
  const parts = groups
    .map((group) => ({
      id: group,
      title: words[group],
      screens: rooms.flat().filter((screen) => isOffered(screen) && screen.nav?.group === group),
      links: group === 'system' ? [reference] : [],
    }))
    .filter(({ screens, links }) => screens.length + links.length > 0)
  return (
    <Shell
      home="/admin"
      banner={<ActingBanner />}
      parts={parts}
      tools={<PaletteButton parts={parts} />}
      other={{ to: '/account', title: words.account }}
    />
  )
}

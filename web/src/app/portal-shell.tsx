/** The portal: what everybody sees around the screens of their account. */
import { useSession } from '../frame/session.ts'
import { useWords } from '../frame/words.ts'
import { ActingBanner } from './acting-banner.tsx'
import { mayAdminister } from './landing.ts'
import { rooms } from './rooms.ts'
import { Shell } from './shell.tsx'
import { shellWords } from './shell-words.ts'

export default function PortalShell() {
  const words = useWords(shellWords)
  const session = useSession()
  const screens = rooms
    .flat()
    .filter(({ path, nav }) => nav !== undefined && path.startsWith('/account'))
  return (
    <Shell
      home="/account"
      parts={[{ id: 'account', title: '', screens }]}
      banner={<ActingBanner />}
      other={mayAdminister(session) ? { to: '/admin', title: words.console } : null}
    />
  )
}

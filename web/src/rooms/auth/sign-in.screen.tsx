/** The one page for every way of signing in. */
import { lazy, useState } from 'react'
import { useAddress } from '../../frame/address.ts'
import { useTakenFragment } from '../../frame/fragment.ts'
import { useSession } from '../../frame/session.ts'
import { FirstStep } from './first-step.tsx'
import { type Held, heldIn } from './held.ts'
import { Onward } from './onward.tsx'

const SecondStep = lazy(() => import('./second-step.tsx'))
const MailRequest = lazy(() => import('./mail-steps.tsx').then((m) => ({ default: m.MailRequest })))
const MailedCode = lazy(() => import('./mail-steps.tsx').then((m) => ({ default: m.MailedCode })))

export default function SignInScreen() {
  const { user } = useSession()
  const { search, change } = useAddress()
  const fragment = useTakenFragment()
  const [held, hold] = useState<Held | null>(() => heldIn(fragment))
  const [email, setEmail] = useState('')
  const [hasEntered, setEntered] = useState(false)
  const door = { hold, onEntered: () => setEntered(true) }
  // `again`: who is signed in and has nothing else to show that it is them signs in once more.
  const isAgain = search['again'] !== undefined && !hasEntered
  if (user !== null && !isAgain) return <Onward />
  if (held !== null)
    return (
      <SecondStep
        held={held}
        door={door}
        onBack={() => {
          hold(null)
          change({ step: null })
        }}
      />
    )
  if (search['step'] === 'mail')
    return (
      <MailRequest
        email={email.includes('@') ? email : ''}
        onSent={(address) => {
          setEmail(address)
          change({ step: 'code' })
        }}
      />
    )
  if (search['step'] === 'code') return <MailedCode email={email} door={door} />
  return <FirstStep refusal={fragment.get('error')} onName={setEmail} door={door} />
}

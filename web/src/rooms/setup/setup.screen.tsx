/** Behind the installer's link: the first administrator, their authenticator, its backup codes; then the checklist. */
import { Navigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useFragment } from '../../frame/fragment.ts'
import { useMay, useSession } from '../../frame/session.ts'
import { AuthenticatorStep } from './authenticator-step.tsx'
import { BackupCodesStep } from './backup-codes-step.tsx'
import { AccountStep, NoLink } from './account-step.tsx'

export default function SetupScreen() {
  const { user, administration } = useSession()
  const may = useMay()
  // It stays in the address until it is used, so that a reload brings the form back.
  const { fragment, forget } = useFragment()
  const [token, setToken] = useState(() => fragment.get('token'))
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const done = () => {
    forget()
    setToken(null)
  }
  if (token !== null) return <AccountStep token={token} onDone={done} />
  if (user === null) return <NoLink />
  if (codes !== null) return <BackupCodesStep codes={codes} email={user.email} />
  if (!may('admin.manage_mfa')) return <Navigate to="/" />
  if (administration?.hasAuthenticator) return <Navigate to="/admin/checklist" />
  return <AuthenticatorStep onDone={setCodes} />
}

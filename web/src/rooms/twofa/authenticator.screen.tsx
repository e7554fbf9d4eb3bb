/** One's authenticator: set up, looked after, turned off. */
import * as twofa from '@ashlar/sdk/twofa'
import { Alert } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useAddress } from '../../frame/address.ts'
import { changed, useRead } from '../../frame/api.ts'
import { ownPath } from '../../frame/enrolment.ts'
import { Screen } from '../../frame/screen.tsx'
import { renewSession } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { BackupCodes } from './backup-codes.tsx'
import { Enrolled } from './enrolled.tsx'
import { Enrolment } from './enrolment.tsx'
import { twofaWords } from './words.ts'

export default function AuthenticatorScreen() {
  const words = useWords(twofaWords)
  const { search } = useAddress()
  const navigate = useNavigate()
  const status = useRead(twofa.status)
  // Shown once: they stay until their owner says that they have them, whatever else is asked anew meanwhile.
  const [codes, setCodes] = useState<readonly string[] | null>(null)

  async function takeCodes({ backupCodes }: { readonly backupCodes: readonly string[] }) {
    setCodes(backupCodes)
    await renewSession()
  }
  async function goOn() {
    setCodes(null)
    await changed('twofa')
    if (search['to'] !== undefined)
      await navigate({ to: ownPath(search['to'], '/account/security') })
  }

  return (
    <Screen
      title={words.title}
      lead={words.lead}
      trail={[{ title: words.security, to: '/account/security' }]}
    >
      {codes === null ? (
        <Shown of={status} lines={6}>
          {(known) => (
            <>
              {known.required && !known.enabled && (
                <Alert color="orange" role="status">
                  {words.due}
                </Alert>
              )}
              {known.enabled ? (
                <Enrolled status={known} onCodes={takeCodes} />
              ) : (
                <Enrolment onEnabled={takeCodes} />
              )}
            </>
          )}
        </Shown>
      ) : (
        <BackupCodes codes={codes} onSaved={goOn} />
      )}
    </Screen>
  )
}

/** Backup codes of the first administrator. */
import { Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { BackupCodeSheet } from '../../frame/backup-code-sheet.tsx'
import { PlainScreen } from '../../frame/plain-screen.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { setupWords } from './words.ts'

export function BackupCodesStep({
  codes,
  email,
}: {
  readonly codes: readonly string[]
  readonly email: string
}) {
  const words = useWords(setupWords)
  const navigate = useNavigate()
  return (
    <PlainScreen title={words.codes} lead={`${fill(words.step, { step: 3 })}. ${words.codesLead}`}>
      <Stack>
        <Text size="sm" c="dimmed">
          {words.nextCode}
        </Text>
        <BackupCodeSheet
          codes={codes}
          email={email}
          proceed={words.proceed}
          onProceed={() => navigate({ to: '/admin/checklist', replace: true })}
        />
      </Stack>
    </PlainScreen>
  )
}

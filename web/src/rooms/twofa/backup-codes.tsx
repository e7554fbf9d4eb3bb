/** New backup codes. */
import { Text } from '@mantine/core'
import { BackupCodeSheet } from '../../frame/backup-code-sheet.tsx'
import { Section } from '../../frame/screen.tsx'
import { useMe } from '../../frame/session.ts'
import { useWords } from '../../frame/words.ts'
import { twofaWords } from './words.ts'

export function BackupCodes({
  codes,
  onSaved,
}: {
  readonly codes: readonly string[]
  readonly onSaved: () => unknown
}) {
  const words = useWords(twofaWords)
  const { email } = useMe()
  return (
    <Section title={words.codes}>
      <Text size="sm" maw="40rem">
        {words.codesHint}
      </Text>
      <BackupCodeSheet codes={codes} email={email} proceed={words.proceed} onProceed={onSaved} />
    </Section>
  )
}

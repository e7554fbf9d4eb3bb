/** New backup codes, which are shown once: to take away, before one can go on. */
import { Button, Checkbox, Code, CopyButton, Group, SimpleGrid, Text } from '@mantine/core'
import { useState } from 'react'
import { saveFile } from '../../frame/save-file.ts'
import { frameWords } from '../../frame/frame-words.ts'
import { Section } from '../../frame/screen.tsx'
import { useMe } from '../../frame/session.ts'
import { fill, useWords } from '../../frame/words.ts'
import { twofaWords } from './words.ts'

export function BackupCodes({
  codes,
  onSaved,
}: {
  readonly codes: readonly string[]
  readonly onSaved: () => unknown
}) {
  const words = useWords(twofaWords)
  const { copied: copiedWord } = useWords(frameWords)
  const { email } = useMe()
  const [hasSaved, setHasSaved] = useState(false)
  const head = fill(words.fileHead, { email, host: location.host })
  return (
    <Section title={words.codes}>
      <Text size="sm" maw="40rem">
        {words.codesHint}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" maw="30rem" aria-label={words.codes}>
        {codes.map((code) => (
          <Code key={code} fz="md" ta="center" p="xs">
            {code}
          </Code>
        ))}
      </SimpleGrid>
      <Group gap="xs">
        <Button
          variant="default"
          onClick={() =>
            saveFile('backup-codes.txt', `${head}\n\n${codes.join('\n')}\n`, 'text/plain')
          }
        >
          {words.download}
        </Button>
        <CopyButton value={codes.join('\n')}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? copiedWord : words.copyAll}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Checkbox
        label={words.haveSaved}
        checked={hasSaved}
        onChange={(event) => setHasSaved(event.currentTarget.checked)}
      />
      <Group>
        <Button disabled={!hasSaved} onClick={() => void onSaved()}>
          {words.proceed}
        </Button>
      </Group>
    </Section>
  )
}

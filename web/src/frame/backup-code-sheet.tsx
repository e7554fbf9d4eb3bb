/** Backup codes, the only time they are shown: to take away, before one can go on. */
import { Button, Checkbox, Code, CopyButton, Group, SimpleGrid } from '@mantine/core'
import { useState } from 'react'
import { factorWords } from './factor-words.ts'
import { frameWords } from './frame-words.ts'
import { saveFile } from './save-file.ts'
import { fill, useWords } from './words.ts'

export function BackupCodeSheet({
  codes,
  email,
  proceed,
  onProceed,
}: {
  readonly codes: readonly string[]
  readonly email: string
  /** What the button says that goes on. */
  readonly proceed: string
  readonly onProceed: () => unknown
}) {
  const words = useWords(factorWords)
  const { copied: copiedWord } = useWords(frameWords)
  const [hasSaved, setHasSaved] = useState(false)
  const head = fill(words.fileHead, { email, host: location.host })
  const file = `${head}\n\n${codes.join('\n')}\n`
  return (
    <>
      <SimpleGrid
        cols={{ base: 1, xs: 2 }}
        spacing="xs"
        maw="30rem"
        component="ul"
        p={0}
        m={0}
        style={{ listStyle: 'none' }}
        aria-label={words.codes}
      >
        {codes.map((code) => (
          <Code key={code} component="li" fz="md" ta="center" p="xs">
            {code}
          </Code>
        ))}
      </SimpleGrid>
      <Group gap="xs">
        <Button
          variant="default"
          onClick={() => saveFile('ashlar-backup-codes.txt', file, 'text/plain')}
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
        <Button disabled={!hasSaved} onClick={() => void onProceed()}>
          {proceed}
        </Button>
      </Group>
    </>
  )
}

/** Backup codes, the only time they are shown. */
import { Button, Checkbox, Code, CopyButton, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconCopy, IconDownload } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { frameWords } from '../../frame/frame-words.ts'
import { Screen } from '../../frame/screen.tsx'
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
  const { copied } = useWords(frameWords)
  const navigate = useNavigate()
  const [areKept, setKept] = useState(false)
  const text = [fill(words.fileHead, { email, place: location.host }), '', ...codes, ''].join('\n')
  return (
    <Screen title={words.codes} lead={`${fill(words.step, { step: 3 })}. ${words.codesLead}`}>
      <Stack>
        <SimpleGrid cols={2} spacing="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
          {codes.map((code) => (
            <Code key={code} component="li" fz="md" ta="center">
              {code}
            </Code>
          ))}
        </SimpleGrid>
        <Group gap="xs">
          <Button
            component="a"
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden />}
            href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
            download="ashlar-backup-codes.txt"
          >
            {words.download}
          </Button>
          <CopyButton value={codes.join('\n')}>
            {({ copied: isCopied, copy }) => (
              <Button
                variant="default"
                leftSection={<IconCopy size={18} aria-hidden />}
                onClick={copy}
              >
                {isCopied ? copied : words.copyAll}
              </Button>
            )}
          </CopyButton>
        </Group>
        <Checkbox
          label={words.kept}
          checked={areKept}
          onChange={(event) => setKept(event.currentTarget.checked)}
        />
        <Text size="sm" c="dimmed">
          {words.nextCode}
        </Text>
        <Group justify="flex-end">
          <Button
            disabled={!areKept}
            onClick={() => void navigate({ to: '/admin/checklist', replace: true })}
          >
            {words.proceed}
          </Button>
        </Group>
      </Stack>
    </Screen>
  )
}

/** A key that was just made: shown this once. */
import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core'
import { frameWords } from '../../frame/frame-words.ts'
import { useWords } from '../../frame/words.ts'
import { apiKeysWords } from './api-keys-words.ts'

export function NewKey({ text, onSaved }: { readonly text: string; readonly onSaved: () => void }) {
  const words = useWords(apiKeysWords)
  const { copied: copiedWord } = useWords(frameWords)
  return (
    <Alert color="teal" role="status">
      <Stack gap="sm">
        <Text size="sm">{words.shownOnce}</Text>
        <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {text}
        </Code>
        <Group gap="xs">
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button size="xs" variant="default" onClick={copy}>
                {copied ? copiedWord : words.copyKey}
              </Button>
            )}
          </CopyButton>
          <Button size="xs" onClick={onSaved}>
            {words.haveSaved}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

/** The checklist of a first run: each part with its state, what to do about it, and a test. */
import * as operations from '@ashlar/sdk/operations'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { call, useRead } from '../../frame/api.ts'
import { useProblemText } from '../../frame/problem-text.ts'
import { Screen, Section, State, type Tone } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { checklistWords } from './checklist-words.ts'
import { findingWords, remedyOf } from './finding-words.ts'

type Row = Awaited<ReturnType<typeof operations.testPart>>

const tones = {
  ok: 'good',
  attention: 'warn',
  failed: 'bad',
  off: 'calm',
} as const satisfies Record<Row['state'], Tone>

export default function ChecklistScreen() {
  const words = useWords(checklistWords)
  const read = useRead(operations.checklist)
  return (
    <Screen title={words.checklist} lead={words.lead}>
      <Shown of={read} lines={12}>
        {(rows) => rows.map((row) => <Part key={row.part} found={row} />)}
      </Shown>
    </Screen>
  )
}

function Part({ found }: { readonly found: Row }) {
  const words = useWords(checklistWords)
  const problemText = useProblemText()
  const [tested, setTested] = useState<Row | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const { part, state, finding, values } = tested ?? found
  const foundWords = useWords(findingWords)
  const remedy = remedyOf(foundWords, finding)

  async function test() {
    setIsBusy(true)
    setFailure(null)
    try {
      setTested(await call(operations.testPart, { path: { part } }))
    } catch (error) {
      setFailure(problemText(error))
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <Section title={words[part]} actions={<State tone={tones[state]}>{words[state]}</State>}>
      <Stack gap={4} role="status">
        {tested && (
          <Text size="sm" c="dimmed">
            {words.tested}
          </Text>
        )}
        <Text style={{ overflowWrap: 'anywhere' }}>{fill(foundWords[finding], values)}</Text>
        {remedy && (
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {remedy}
          </Text>
        )}
      </Stack>
      {failure && (
        <Alert color="red" role="alert">
          {failure}
        </Alert>
      )}
      <Group gap="sm">
        <Button
          variant="default"
          size="xs"
          loading={isBusy}
          aria-label={fill(words.testOf, { part: words[part] })}
          onClick={() => void test()}
        >
          {words.test}
        </Button>
        <Text size="sm" c="dimmed">
          {words[`${part}Test`]}
        </Text>
      </Group>
    </Section>
  )
}

/** What an action asks before it acts. */
import { Alert, Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { frameWords } from './frame-words.ts'
import { fill, useWords } from './words.ts'

type ActionDialogProps = {
  readonly label: string
  readonly consequence: ReactNode
  readonly color: string | undefined
  readonly asksReason: boolean
  readonly typed: { readonly label: string; readonly text: string } | undefined
  readonly children: ReactNode
  readonly isReady: boolean
  readonly isOpen: boolean
  readonly isBusy: boolean
  readonly failure: string | null
  readonly close: () => void
  /** Resolves with whether it was done. */
  readonly act: (reason: string) => Promise<boolean>
}

export default function ActionDialog({
  label,
  consequence,
  color,
  asksReason,
  typed,
  children,
  isReady,
  isOpen,
  isBusy,
  failure,
  close,
  act,
}: ActionDialogProps) {
  const words = useWords(frameWords)
  const [reason, setReason] = useState('')
  const [text, setText] = useState('')
  const isComplete =
    isReady && (!asksReason || reason.trim() !== '') && (typed === undefined || text === typed.text)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (!(await act(reason.trim()))) return
    setReason('')
    setText('')
  }

  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={label}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          {typeof consequence === 'string' ? <Text size="sm">{consequence}</Text> : consequence}
          {children}
          {asksReason && (
            <Textarea
              label={words.reason}
              required
              autosize
              minRows={2}
              maxLength={500}
              data-autofocus
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
          {typed && (
            <TextInput
              label={fill(typed.label, { text: typed.text })}
              autoComplete="off"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          )}
          {failure && (
            <Alert color="red" role="alert">
              {failure}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {words.cancel}
            </Button>
            <Button
              type="submit"
              loading={isBusy}
              disabled={!isComplete}
              {...(color !== undefined && { color })}
            >
              {label}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

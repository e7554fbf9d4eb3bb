/** Buttons that change something: ask first where it matters, say what will happen, tell how it went. */
import {
  Alert,
  Button,
  type ButtonProps,
  Group,
  Modal,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { frameWords } from './frame-words.ts'
import { notify } from './notify.ts'
import { useProblemText } from './problem-text.ts'
import { fill, useWords } from './words.ts'

type ActionProps = {
  readonly label: string
  /** What will happen, before it does. Without it the button acts at once. */
  readonly consequence?: ReactNode
  readonly isDangerous?: boolean
  /** Asks why; the answer goes to `run`. */
  readonly asksReason?: boolean
  /** What has to be typed before the button works, for what cannot be undone. */
  readonly typed?: { readonly label: string; readonly text: string }
  /** More to fill in or choose. */
  readonly children?: ReactNode
  /** Whether what has to be filled in is; the button waits for it. */
  readonly isReady?: boolean
  readonly run: (given: { readonly reason: string }) => Promise<unknown>
  /** What is said when it is done. */
  readonly done?: string
} & Pick<ButtonProps, 'size' | 'variant' | 'disabled' | 'leftSection'>

export function Action({
  label,
  consequence,
  isDangerous = false,
  asksReason = false,
  typed,
  children,
  isReady = true,
  run,
  done,
  variant,
  ...button
}: ActionProps) {
  const words = useWords(frameWords)
  const problemText = useProblemText()
  const [isOpen, { open, close }] = useDisclosure(false)
  const [isBusy, setIsBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const [text, setText] = useState('')
  const isAsking = consequence !== undefined || asksReason || children !== undefined
  const color = isDangerous ? 'red' : undefined

  async function act() {
    setIsBusy(true)
    setFailure(null)
    try {
      await run({ reason: reason.trim() })
      close()
      setReason('')
      setText('')
      if (done) void notify({ message: done, color: 'teal' })
    } catch (error) {
      const message = problemText(error)
      if (isAsking) setFailure(message)
      else void notify({ message, color: 'red', autoClose: 10_000 })
    } finally {
      setIsBusy(false)
    }
  }

  const face = variant ?? (isDangerous ? 'light' : 'default')
  return (
    <>
      <Button
        {...button}
        {...(color && { color })}
        variant={face}
        loading={isBusy && !isOpen}
        onClick={isAsking ? open : () => void act()}
      >
        {label}
      </Button>
      {isAsking && (
        <Modal
          opened={isOpen}
          onClose={close}
          title={label}
          closeButtonProps={{ 'aria-label': words.close }}
        >
          <form
            onSubmit={(event) => {
              event.preventDefault()
              void act()
            }}
          >
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
                  disabled={
                    !isReady ||
                    (asksReason && reason.trim() === '') ||
                    (typed !== undefined && text !== typed.text)
                  }
                  {...(color && { color })}
                >
                  {label}
                </Button>
              </Group>
            </Stack>
          </form>
        </Modal>
      )}
    </>
  )
}

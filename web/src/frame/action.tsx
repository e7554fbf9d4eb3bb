/** Buttons that change something: ask first where it matters, say what will happen, tell how it went. */
import { Button, type ButtonProps } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, Suspense, lazy, useState } from 'react'
import { notify } from './notify.ts'
import { useProblemText } from './problem-text.ts'

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

/** Comes with the first question. */
const ActionDialog = lazy(() => import('./action-dialog.tsx'))

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
  const problemText = useProblemText()
  const [isOpen, { open, close }] = useDisclosure(false)
  const [wasOpen, setWasOpen] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const isAsking = consequence !== undefined || asksReason || children !== undefined
  const color = isDangerous ? 'red' : undefined

  async function act(reason: string): Promise<boolean> {
    setIsBusy(true)
    setFailure(null)
    try {
      await run({ reason })
      close()
      if (done) void notify({ message: done, color: 'teal' })
      return true
    } catch (error) {
      const message = problemText(error)
      if (isAsking) setFailure(message)
      else void notify({ message, color: 'red', autoClose: 10_000 })
      return false
    } finally {
      setIsBusy(false)
    }
  }

  function ask() {
    setWasOpen(true)
    open()
  }

  return (
    <>
      <Button
        {...button}
        {...(color && { color })}
        variant={variant ?? (isDangerous ? 'light' : 'default')}
        loading={isBusy && !isOpen}
        onClick={isAsking ? ask : () => void act('')}
      >
        {label}
      </Button>
      {wasOpen && (
        <Suspense>
          <ActionDialog
            {...{
              label,
              consequence,
              color,
              asksReason,
              typed,
              isReady,
              isOpen,
              isBusy,
              failure,
              close,
              act,
            }}
          >
            {children}
          </ActionDialog>
        </Suspense>
      )}
    </>
  )
}

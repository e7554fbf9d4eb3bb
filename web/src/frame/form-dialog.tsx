/** A button that opens a form: for what needs more than a reason. */
import { Button, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { frameWords } from './frame-words.ts'
import { useWords } from './words.ts'

export function FormDialog({
  label,
  consequence,
  isDangerous = false,
  children,
}: {
  readonly label: string
  /** What will happen, before it does. */
  readonly consequence: string
  readonly isDangerous?: boolean
  /** The form; it closes the dialog when it is done. */
  readonly children: (close: () => void) => ReactNode
}) {
  const words = useWords(frameWords)
  const [isOpen, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button
        variant={isDangerous ? 'light' : 'default'}
        {...(isDangerous && { color: 'red' })}
        onClick={open}
      >
        {label}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={label.replace(/…$/, '')}
        closeButtonProps={{ 'aria-label': words.close }}
      >
        <Stack>
          <Text size="sm">{consequence}</Text>
          {children(close)}
        </Stack>
      </Modal>
    </>
  )
}

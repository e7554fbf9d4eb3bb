/** A word in the corner of the screen, for what has been done and for what went wrong where there is no better place. */
import type { NotificationData } from '@mantine/notifications'
import { frameWords } from './frame-words.ts'
import { currentLanguage } from './words.ts'

export async function notify(said: NotificationData): Promise<void> {
  const { notifications } = await import('@mantine/notifications')
  const { close } = frameWords[currentLanguage()]
  notifications.show({ closeButtonProps: { 'aria-label': close }, ...said })
}

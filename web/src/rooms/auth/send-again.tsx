/** The button under a code that does not come. */
import { Alert, Button, Group } from '@mantine/core'
import { notify } from '../../frame/notify.ts'
import { useWords } from '../../frame/words.ts'
import { useAttempt } from './attempt.ts'
import { stepWords } from './step-words.ts'

export function SendAgain({ send }: { readonly send: () => Promise<unknown> }) {
  const words = useWords(stepWords)
  const { failure, isBusy, attempt } = useAttempt()
  const again = async () => {
    await send()
    await notify({ message: words.sentAgain, color: 'teal' })
  }
  return (
    <>
      {failure && (
        <Alert color="red" role="alert">
          {failure}
        </Alert>
      )}
      <Group>
        <Button
          variant="light"
          size="compact-sm"
          loading={isBusy}
          onClick={() => void attempt(again)}
        >
          {words.sendAgain}
        </Button>
      </Group>
    </>
  )
}

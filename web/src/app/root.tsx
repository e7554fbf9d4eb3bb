/** Around every screen: what asks for proofs, and the word that one is offline. */
import { Alert, Box } from '@mantine/core'
import { useNetwork } from '@mantine/hooks'
import { Outlet } from '@tanstack/react-router'
import { Suspense, lazy, useSyncExternalStore } from 'react'
import { frameWords } from '../frame/frame-words.ts'
import { currentQuestion, listenForQuestions } from '../frame/proofs.ts'
import { useWords } from '../frame/words.ts'

/** Most people are never asked: what asks comes when it is needed. */
const Prompts = lazy(() => import('../frame/prompts.tsx'))

export function Root() {
  const words = useWords(frameWords)
  const { online } = useNetwork()
  const question = useSyncExternalStore(listenForQuestions, currentQuestion)
  return (
    <>
      {!online && (
        <Box pos="sticky" top={0} style={{ zIndex: 300 }}>
          <Alert color="orange" role="status" radius={0}>
            {words.offline}
          </Alert>
        </Box>
      )}
      <Outlet />
      {question && (
        <Suspense>
          <Prompts question={question} />
        </Suspense>
      )}
    </>
  )
}

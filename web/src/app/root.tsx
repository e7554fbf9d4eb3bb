/** Around every screen: what asks for proofs, and the word that one is offline. */
import { Alert, Box } from '@mantine/core'
import { useNetwork } from '@mantine/hooks'
import { Outlet } from '@tanstack/react-router'
import { frameWords } from '../frame/frame-words.ts'
import { Prompts } from '../frame/prompts.tsx'
import { useWords } from '../frame/words.ts'

export function Root() {
  const words = useWords(frameWords)
  const { online } = useNetwork()
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
      <Prompts />
    </>
  )
}

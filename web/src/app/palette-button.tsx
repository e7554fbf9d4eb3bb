/** Opens the palette: by a click, or by Ctrl or Cmd and K from anywhere. What it is made of comes with the first time. */
import { ActionIcon, Button, Kbd } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { Suspense, lazy, useState } from 'react'
import { frameWords } from '../frame/frame-words.ts'
import { useWords } from '../frame/words.ts'
import type { NavPart } from './shell.tsx'

const Palette = lazy(() => import('./palette.tsx'))

export function PaletteButton({ parts }: { readonly parts: readonly NavPart[] }) {
  const { search } = useWords(frameWords)
  const [asked, setAsked] = useState(0)
  const open = () => setAsked((before) => before + 1)
  useHotkeys([['mod+K', open]], [])
  return (
    <>
      <Button
        variant="default"
        visibleFrom="sm"
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={<Kbd size="xs">Ctrl K</Kbd>}
        onClick={open}
      >
        {search}
      </Button>
      <ActionIcon variant="default" size="lg" hiddenFrom="sm" aria-label={search} onClick={open}>
        <IconSearch size={18} />
      </ActionIcon>
      {asked > 0 && (
        <Suspense>
          <Palette parts={parts} asked={asked} />
        </Suspense>
      )}
    </>
  )
}

/** The home of the console: how the product does. */
import * as operations from '@ashlar/sdk/operations'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { reading } from '../../frame/api.ts'
import { Screen } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { WindowChoice, useWindow } from '../../frame/window-choice.tsx'
import { useWords } from '../../frame/words.ts'
import { Charts } from './charts.tsx'
import { Figures } from './figures.tsx'
import { homeWords } from './home-words.ts'

const windows = ['1h', '24h', '7d'] as const
/** Only while somebody looks: a hidden tab asks for nothing. */
const refreshMs = 15_000

export default function HomeScreen() {
  const words = useWords(homeWords)
  const window = useWindow(windows, '1h')
  const read = useQuery({
    ...reading(operations.overview, { query: { window } }),
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
  })
  return (
    <Screen
      title={words.home}
      lead={words.lead}
      actions={<WindowChoice windows={windows} value={window} />}
    >
      <Shown of={read} lines={12}>
        {(overview) => (
          <>
            <Figures of={overview} />
            <Charts of={overview} />
          </>
        )}
      </Shown>
    </Screen>
  )
}

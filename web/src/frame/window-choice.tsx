/** How far back a screen looks; it stands in the address. */
import { SegmentedControl } from '@mantine/core'
import { useAddress } from './address.ts'
import { frameWords } from './frame-words.ts'
import { useLanguage, useWords } from './words.ts'

const units = { m: 'minute', h: 'hour', d: 'day' } as const

export function useWindow<Name extends string>(
  windows: readonly Name[],
  usual: NoInfer<Name>,
): Name {
  const { search } = useAddress()
  return windows.find((name) => name === search['window']) ?? usual
}

/** Windows are named as the API names them: `5m`, `1h`, `24h`, `7d`. */
export function WindowChoice<Name extends string>({
  windows,
  value,
}: {
  readonly windows: readonly Name[]
  readonly value: Name
}) {
  const words = useWords(frameWords)
  const language = useLanguage()
  const { change } = useAddress()
  const labelOf = (name: string) => {
    const unit = units[name.slice(-1) as keyof typeof units]
    const style = { style: 'unit', unit, unitDisplay: 'long' } as const
    return new Intl.NumberFormat(language, style).format(Number(name.slice(0, -1)))
  }
  return (
    <SegmentedControl
      aria-label={words.window}
      value={value}
      data={windows.map((name) => ({ value: name, label: labelOf(name) }))}
      onChange={(window) => change({ window }, true)}
    />
  )
}

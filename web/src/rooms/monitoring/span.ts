/** A span of time as a person says it: whole hours or days where it is some, else minutes. */
import { useLanguage } from '../../frame/words.ts'

const minute = 60
const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', minute],
] as const

export function useSpan(): (seconds: number) => string {
  const language = useLanguage()
  return (seconds) => {
    const [unit, size] = units.find((each) => seconds % each[1] === 0) ?? ['minute', minute]
    const style = { style: 'unit', unit, unitDisplay: 'long' } as const
    return new Intl.NumberFormat(language, style).format(seconds / size)
  }
}

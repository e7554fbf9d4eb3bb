/** One's own data: taken away, or erased. */
import { Screen } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { Erasure } from './erasure.tsx'
import { Exports } from './exports.tsx'
import { privacyWords } from './words.ts'

export default function PrivacyScreen() {
  const words = useWords(privacyWords)
  return (
    <Screen title={words.title} lead={words.lead}>
      <Exports />
      <Erasure />
    </Screen>
  )
}

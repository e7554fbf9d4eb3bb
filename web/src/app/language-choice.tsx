/** The language alone, where there is room for no more: the browser's own list weighs nothing. */
import { NativeSelect } from '@mantine/core'
import { frameWords } from '../frame/frame-words.ts'
import { chooseLanguage, languageNames, languages, useLanguage, useWords } from '../frame/words.ts'

export function LanguageChoice() {
  const words = useWords(frameWords)
  return (
    <NativeSelect
      aria-label={words.language}
      size="xs"
      value={useLanguage()}
      data={languages.map((value) => ({ value, label: languageNames[value] }))}
      onChange={({ currentTarget: { value } }) => {
        const chosen = languages.find((language) => language === value)
        if (chosen) chooseLanguage(chosen)
      }}
    />
  )
}

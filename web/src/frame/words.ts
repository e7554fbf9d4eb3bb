/** What the application says, in each of its languages. Every room has its words beside its screens. */
import { useSyncExternalStore } from 'react'

export const languages = ['en', 'de'] as const
export const languageNames = { en: 'English', de: 'Deutsch' } as const
export type Language = (typeof languages)[number]
export type Worded<Name extends string = string> = Readonly<
  Record<Language, Readonly<Record<Name, string>>>
>

const storageName = 'ashlar.language'
const listeners = new Set<() => void>()
let current: Language = remembered() ?? ofBrowser()
document.documentElement.lang = current

/** Both languages say the same things: the compiler finds what one of them lacks. */
export const defineWords = <Name extends string>(
  en: Readonly<Record<Name, string>>,
  de: Readonly<Record<NoInfer<Name>, string>>,
): Worded<Name> => ({ en, de })

/** The words in the language of whoever looks. */
export function useWords<Name extends string>(words: Worded<Name>): Readonly<Record<Name, string>> {
  return words[useLanguage()]
}

export const useLanguage = (): Language => useSyncExternalStore(listen, () => current)
export const currentLanguage = (): Language => current

export function chooseLanguage(language: Language): void {
  localStorage.setItem(storageName, language)
  show(language)
}

/** What an account prefers, unless this browser was told otherwise. */
export function preferLanguage(locale: string): void {
  if (remembered() === null) show(nearest([locale]) ?? current)
}

/** `fill('{count} of {total}', { count: 3, total: 7 })` */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))

function show(language: Language): void {
  current = language
  document.documentElement.lang = language
  for (const listener of listeners) listener()
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function remembered(): Language | null {
  return nearest([localStorage.getItem(storageName) ?? '']) ?? null
}

function ofBrowser(): Language {
  return nearest(navigator.languages) ?? 'en'
}

function nearest(locales: readonly string[]): Language | undefined {
  return locales
    .map((locale) => languages.find((language) => locale.toLowerCase().startsWith(language)))
    .find((language) => language !== undefined)
}

/** Finds the links in a mail's text part, for the development mailbox and for tests that follow them. */

/** Every http(s) URL in reading order, each once; closing punctuation of the sentence is left out. */
export function extractLinks(text: string): string[] {
  const candidates = text.match(/https?:\/\/[^\s<>"'`]+/g) ?? []
  const links = candidates.map(trimPunctuation).filter((link) => URL.canParse(link))
  return [...new Set(links)]
}

function trimPunctuation(link: string): string {
  let end = link.length
  while (end > 0 && isLoose(link, end)) end -= 1
  return link.slice(0, end)
}

/** A closing bracket belongs to the link only where the link opened it. */
function isLoose(link: string, end: number): boolean {
  const last = link[end - 1] ?? ''
  if (last === ')') return count(link, '(', end) < count(link, ')', end)
  if (last === ']') return count(link, '[', end) < count(link, ']', end)
  return '.,;:!?'.includes(last)
}

function count(link: string, character: string, end: number): number {
  return link.slice(0, end).split(character).length - 1
}

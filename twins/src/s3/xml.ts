/** The little XML that S3 speaks: writing elements, and a strict reader for request bodies. */
import { S3Error } from './errors.ts'

export type XmlElement = { name: string; text: string; children: XmlElement[] }

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'
const token =
  /<\?xml[^<>]*\?>|<(\/?)([A-Za-z][\w.-]*)(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>|([^<]+)/y
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

export function element(name: string, content: string | number | boolean): string {
  return `<${name}>${escapeXml(String(content))}</${name}>`
}

/** An element whose content is already XML. */
export function group(name: string, children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`
}

/** A whole document. S3's errors carry no namespace, its results do. */
export function xmlDocument(
  name: string,
  children: readonly string[],
  xmlns: string | null = namespace,
): string {
  const attribute = xmlns === null ? '' : ` xmlns="${xmlns}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}${attribute}>${children.join('')}</${name}>`
}

/** Reads one document whose root must be `rootName`; anything unusual is MalformedXML. */
export function parseXml(source: string, rootName: string): XmlElement {
  const top: XmlElement = { name: '', text: '', children: [] }
  const open: XmlElement[] = [top]
  let position = 0
  while (position < source.length) {
    token.lastIndex = position
    const match = token.exec(source)
    const parent = open.at(-1)
    if (!match || !parent) throw malformed()
    position = token.lastIndex
    const [, closing, name, empty, text] = match
    if (text !== undefined) parent.text += unescapeXml(text)
    else if (name === undefined) continue
    else if (closing) {
      if (open.length < 2 || parent.name !== name) throw malformed()
      open.pop()
    } else {
      const child: XmlElement = { name, text: '', children: [] }
      parent.children.push(child)
      if (!empty) open.push(child)
    }
  }
  const [root] = top.children
  if (open.length !== 1 || top.children.length !== 1 || top.text.trim() !== '') throw malformed()
  if (root?.name !== rootName) throw malformed()
  return root
}

export function malformed(): S3Error {
  return new S3Error(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  )
}

function escapeXml(text: string): string {
  // Line breaks and control characters survive a reader's normalisation only as references.
  return text.replaceAll(/[&<>"\p{Cc}]/gu, (character) => {
    const named = Object.entries(entities).find(([, value]) => value === character)?.[0]
    return named === undefined ? `&#x${character.codePointAt(0)?.toString(16)};` : `&${named};`
  })
}

function unescapeXml(text: string): string {
  return text.replaceAll(/&([^;&]*);?/g, (whole, name: string) => {
    const known = whole.endsWith(';') ? entities[name] : undefined
    if (known !== undefined) return known
    const reference = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name)
    const code = Number.parseInt(
      reference?.[1] ?? reference?.[2] ?? '',
      reference?.[1] === undefined ? 10 : 16,
    )
    if (!whole.endsWith(';') || Number.isNaN(code) || code > 0x10_ff_ff) throw malformed()
    return String.fromCodePoint(code)
  })
}

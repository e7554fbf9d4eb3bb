/** Reads a raw mail (RFC 5322, 2045-2047): enough MIME to show and to test what an application sends. */
export type MailAttachment = {
  readonly filename: string | null
  readonly contentType: string
  readonly sizeBytes: number
}

export type ParsedMail = {
  /** Decoded, by lower-case name; where a name repeats, the first one. The raw text has them all. */
  readonly headers: Readonly<Record<string, string>>
  readonly subject: string
  readonly text: string | null
  readonly html: string | null
  readonly attachments: readonly MailAttachment[]
}

type Part = { headers: Record<string, string>; body: string }
type Field = { value: string; parameters: Record<string, string> }

/** Deeper nesting than any honest mail has; what lies below is left unread. */
const maxDepth = 10

export function parseMail(raw: Buffer): ParsedMail {
  // One character per byte: offsets stay true and every part decodes its own charset.
  const root = splitPart(raw.toString('latin1'))
  const found = { text: null, html: null, attachments: [] }
  collect(root, found, 0)
  const headers = Object.fromEntries(
    Object.entries(root.headers).map(([name, value]) => [name, decodeHeader(value)]),
  )
  return { headers, subject: headers['subject'] ?? '', ...found }
}

function collect(
  part: Part,
  found: { text: string | null; html: string | null; attachments: MailAttachment[] },
  depth: number,
): void {
  const type = parseField(part.headers['content-type'] ?? 'text/plain; charset=us-ascii')
  const boundary = type.parameters['boundary']
  if (type.value.startsWith('multipart/') && boundary !== undefined) {
    if (depth >= maxDepth) return
    for (const child of splitMultipart(part.body, boundary)) {
      collect(splitPart(child), found, depth + 1)
    }
    return
  }
  const disposition = parseField(part.headers['content-disposition'] ?? 'inline')
  const bytes = decodeBody(part.body, part.headers['content-transfer-encoding'] ?? '7bit')
  const kind = type.value === 'text/html' ? 'html' : type.value === 'text/plain' ? 'text' : null
  if (disposition.value === 'attachment' || kind === null || found[kind] !== null) {
    const filename = disposition.parameters['filename'] ?? type.parameters['name']
    found.attachments.push({
      filename: filename === undefined ? null : decodeHeader(filename),
      contentType: type.value,
      sizeBytes: bytes.length,
    })
    return
  }
  found[kind] = decodeCharset(bytes, type.parameters['charset'] ?? 'utf-8')
}

function splitPart(source: string): Part {
  const end = /\r?\n\r?\n/.exec(source)
  const isBodyOnly = /^\r?\n/.test(source)
  const head = isBodyOnly ? '' : end ? source.slice(0, end.index) : source
  const body = isBodyOnly
    ? source.replace(/^\r?\n/, '')
    : end
      ? source.slice(end.index + end[0].length)
      : ''
  const headers: Record<string, string> = {}
  for (const line of head.replaceAll(/\r?\n(?=[ \t])/g, '').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon < 1) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    if (!Object.hasOwn(headers, name)) headers[name] = line.slice(colon + 1).trim()
  }
  return { headers, body }
}

function splitMultipart(body: string, boundary: string): string[] {
  const parts: string[] = []
  let current: string[] | null = null
  for (const line of body.split('\n')) {
    const bare = line.trimEnd()
    if (bare === `--${boundary}` || bare === `--${boundary}--`) {
      // The line break before a boundary belongs to the boundary, not to the part.
      if (current) parts.push(current.join('\n').replace(/\r$/, ''))
      current = bare.endsWith(`${boundary}--`) ? null : []
      if (current === null) break
    } else {
      current?.push(line)
    }
  }
  return parts
}

/** `text/html; charset="utf-8"` in its pieces; names in lower case. */
function parseField(source: string): Field {
  const [value = '', ...rest] = source.match(/(?:"(?:\\.|[^"\\])*"|[^;"])+/g) ?? []
  const parameters: Record<string, string> = {}
  for (const piece of rest) {
    const equals = piece.indexOf('=')
    if (equals < 1) continue
    const quoted = piece.slice(equals + 1).trim()
    parameters[piece.slice(0, equals).trim().toLowerCase()] = quoted.startsWith('"')
      ? quoted.slice(1, -1).replaceAll(/\\(.)/g, '$1')
      : quoted
  }
  return { value: value.trim().toLowerCase(), parameters }
}

function decodeBody(body: string, encoding: string): Buffer {
  switch (encoding.trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64')
    case 'quoted-printable':
      return decodeQuotedPrintable(body.replaceAll(/=[ \t]*\r?\n/g, ''))
    default:
      return Buffer.from(body, 'latin1')
  }
}

function decodeQuotedPrintable(source: string): Buffer {
  const bytes = source.replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1')
}

/** RFC 2047 encoded words; neighbouring words are joined before their bytes are decoded. */
function decodeHeader(source: string): string {
  const joined = source.replaceAll(/(=\?[^?\s]+\?[bq]\?[^?\s]*\?=)\s+(?==\?)/gi, '$1')
  const words = /(?:=\?[^?\s]+\?[bq]\?[^?\s]*\?=)+/gi
  const decoded = joined.replaceAll(words, (run) => {
    let text = ''
    let pending = Buffer.alloc(0)
    let charset = 'utf-8'
    for (const [, label = '', kind = '', data = ''] of run.matchAll(
      /=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=/gi,
    )) {
      if (label.toLowerCase() !== charset) {
        text += decodeCharset(pending, charset)
        pending = Buffer.alloc(0)
        charset = label.toLowerCase()
      }
      const bytes =
        kind.toLowerCase() === 'b'
          ? Buffer.from(data, 'base64')
          : decodeQuotedPrintable(data.replaceAll('_', ' '))
      pending = Buffer.concat([pending, bytes])
    }
    return text + decodeCharset(pending, charset)
  })
  // Bytes above 127 outside encoded words are UTF-8 (RFC 6532).
  return decoded === source ? Buffer.from(source, 'latin1').toString('utf8') : decoded
}

function decodeCharset(bytes: Buffer, label: string): string {
  try {
    return new TextDecoder(label).decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

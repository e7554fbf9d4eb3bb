/** Content-Disposition (RFC 6266) from a name that a stranger chose. */

const maximumNameCharacters = 150

/**
 * Names are cut to their last path segment, and lose control characters, quotes and the invisible marks that
 * reverse the reading direction (`cod.exe` shown as `exe.doc`). The result is ASCII without line breaks.
 */
export function contentDisposition(
  disposition: 'attachment' | 'inline',
  filename: string | undefined,
): string {
  const name = cleanName(filename ?? '')
  if (name === '') return disposition
  const plain = name.replaceAll(/[^\x20-\x7e]|%/g, '_')
  return `${disposition}; filename="${plain}"; filename*=UTF-8''${encodeExtended(name)}`
}

function cleanName(filename: string): string {
  const last = filename.split(/[/\\]/).at(-1) ?? ''
  const safe = last.replaceAll(/[\p{Cc}\p{Bidi_Control}"]/gu, '').trim()
  const name = safe.slice(0, maximumNameCharacters).toWellFormed()
  return /^\.*$/.test(name) ? '' : name
}

/** RFC 8187, 3.2.1: attr-char stays, every other byte is percent-encoded. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** What a mail is made of: a few kinds of block, each written once and rendered as HTML and as plain text. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'button'; readonly label: string; readonly url: string }
  | { readonly kind: 'code'; readonly label: string; readonly code: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | { readonly kind: 'smallPrint'; readonly text: string }

/** What every mail is told about the product it comes from. */
export type MailProduct = {
  readonly name: string
  /** The configured public URL: the only place a mail may link to. */
  readonly publicUrl: string
}

export type MailContent = {
  readonly subject: string
  /** The line that inboxes show beside the subject. */
  readonly preview: string
  readonly blocks: readonly Block[]
}

export const heading = (text: string): Block => ({ kind: 'heading', text })
export const paragraph = (text: string): Block => ({ kind: 'paragraph', text })
/** A link the reader is meant to follow; must lead to the configured public address. */
export const button = (label: string, url: string): Block => ({ kind: 'button', label, url })
/** A short code to type in; `label` says what it is for. */
export const code = (label: string, value: string): Block => ({ kind: 'code', label, code: value })
export const facts = (rows: readonly (readonly [string, string])[]): Block => ({
  kind: 'facts',
  rows,
})
export const smallPrint = (text: string): Block => ({ kind: 'smallPrint', text })

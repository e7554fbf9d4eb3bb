/** The mail port: what the rest of the product sees of any driver. */

/** One mail to one person. `text` and `html` say the same. */
export type MailMessage = {
  /** Exactly one plain address: no display name, no list. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Extra headers of the kinds that `outgoing.ts` lists. */
  readonly headers?: Readonly<Record<string, string>>
  /** `<…@…>`, see `messageIdFor`; a random one when absent. */
  readonly messageId?: string
  /** What it was made from, for the record. */
  readonly template?: string
  readonly locale?: string
  /** Whose account it is about, for the record. */
  readonly userId?: string | null
}

export type MailCheck = {
  readonly status: 'pass' | 'warn' | 'fail'
  readonly detail?: string
}

export type Mailer = {
  readonly driver: 'capture' | 'smtp' | 'sendgrid'
  /**
   * Hands the message over once and never repeats it by itself; the job that calls decides about
   * another attempt (`isPermanent`). Delivery is at least once: when the line breaks after the
   * message and before the answer, a retry repeats it under the same Message-ID.
   * @throws mail.recipient_invalid, mail.message_invalid, mail.rejected (permanent), mail.unavailable (retry)
   */
  send(message: MailMessage): Promise<{ providerId: string | null }>
  /** Reaches for the service as far as possible without sending; never throws. */
  check(): Promise<MailCheck>
  /** Lets what is being sent finish (bounded by the driver's time limit), then releases everything. */
  close(): Promise<void>
}

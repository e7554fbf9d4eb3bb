/** The errors of KMS: its names, statuses and messages. */

export class KmsError extends Error {
  override readonly name = 'KmsError'
  /** The `__type` of the answer. */
  readonly type: string
  readonly status: number

  constructor(type: string, status: number, message: string) {
    super(message)
    this.type = type
    this.status = status
  }
}

export function validation(detail: string): KmsError {
  return new KmsError('ValidationException', 400, `1 validation error detected: ${detail}`)
}

export function notFound(what: string): KmsError {
  return new KmsError('NotFoundException', 400, what)
}

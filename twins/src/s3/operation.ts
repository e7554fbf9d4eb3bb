/** What an operation of S3 is to this twin: how it is recognised, what it understands, what it does. */
import type { Answer } from './answer.ts'
import type { FaultPlan } from './faults.ts'
import type { S3Request } from './request.ts'
import type { Store } from './store.ts'
import type { Uploads } from './uploads.ts'

export type Call = {
  readonly request: S3Request
  readonly bucket: string
  readonly key: string
  /** Headers, with those that a presigned URL carries in its query, and trailers. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
  readonly now: Date
  readonly store: Store
  readonly uploads: Uploads
  readonly region: string
  readonly plan: FaultPlan
}

export type Operation = {
  readonly name: string
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  readonly target: 'service' | 'bucket' | 'object'
  /** Query parameters (or, in lower case, a header) that select this operation. */
  readonly selectedBy?: readonly string[]
  readonly selectedByHeader?: string
  /** Further query parameters it understands. */
  readonly parameters?: readonly string[]
  /** The conditional, range and x-amz- headers it understands; a closing `*` means any ending. */
  readonly headers?: readonly string[]
  run(call: Call): Answer | Promise<Answer>
}

export const checksumHeaders = [
  'x-amz-sdk-checksum-algorithm',
  'x-amz-checksum-crc32',
  'x-amz-checksum-sha1',
  'x-amz-checksum-sha256',
  'content-md5',
] as const

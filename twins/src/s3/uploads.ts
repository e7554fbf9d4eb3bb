/** Multipart uploads in progress. Parts live in memory: an unfinished upload does not survive the twin. */
import { randomBytes } from 'node:crypto'
import type { Checksum } from './checksums.ts'
import { S3Error } from './errors.ts'
import type { Properties } from './properties.ts'

export type Part = {
  number: number
  etag: string
  body: Buffer
  checksum: Checksum | null
  modifiedAtMs: number
}
export type Upload = {
  id: string
  bucket: string
  key: string
  properties: Properties
  checksumAlgorithm: Checksum['algorithm'] | null
  startedAtMs: number
  parts: Map<number, Part>
}

export type Uploads = {
  start(upload: Omit<Upload, 'id' | 'parts'>): Upload
  /** Throws NoSuchUpload, also when bucket or key are not those it was started with. */
  get(bucket: string, key: string, id: string): Upload
  list(bucket: string): Upload[]
  end(id: string): void
}

export function createUploads(): Uploads {
  const uploads = new Map<string, Upload>()
  return {
    start(fields) {
      const upload = { ...fields, id: randomBytes(24).toString('base64url'), parts: new Map() }
      uploads.set(upload.id, upload)
      return upload
    },
    get(bucket, key, id) {
      const upload = uploads.get(id)
      if (upload?.bucket === bucket && upload.key === key) return upload
      throw new S3Error(
        'NoSuchUpload',
        404,
        'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
        { UploadId: id },
      )
    },
    list: (bucket) => [...uploads.values()].filter((upload) => upload.bucket === bucket),
    end: (id) => void uploads.delete(id),
  }
}

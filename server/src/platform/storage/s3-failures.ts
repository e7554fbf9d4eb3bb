/** What a failed call to S3 means to us. */
import { S3ServiceException } from '@aws-sdk/client-s3'
import { AppError } from '../errors.ts'
import { storageErrors } from './errors.ts'

/** True for a missing object; a missing bucket is not that but a wrong setting. */
export function isMissing(error: unknown): boolean {
  if (!(error instanceof S3ServiceException) || error.name === 'NoSuchBucket') return false
  return error.name === 'NoSuchKey' || error.$metadata.httpStatusCode === 404
}

/** Our own errors pass; whatever else S3, the network or the credentials did is storage.unavailable with its cause. */
export function toStorageError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (isMissing(error)) return storageErrors.object_not_found({}, { cause: error })
  if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 416) {
    return storageErrors.range_not_satisfiable({}, { cause: error })
  }
  return storageErrors.unavailable({}, { cause: error })
}

export async function onS3<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toStorageError(error)
  }
}

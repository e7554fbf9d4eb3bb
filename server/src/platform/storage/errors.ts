/** What file storage says no to. */
import { defineErrors } from '../errors.ts'

export const storageErrors = defineErrors('storage', {
  object_not_found: [404, 'There is no such file.'],
  invalid_key: [422, 'This is not a key that storage accepts.'],
  invalid_cursor: [422, 'The cursor is not one of ours.', 'Start again without a cursor.'],
  invalid_content_type: [422, 'This is not a content type.'],
  invalid_size: [422, 'A file has a whole number of bytes, at most 5 GiB in one upload.'],
  invalid_checksum: [422, 'A SHA-256 checksum is written as 64 lower-case hexadecimal digits.'],
  size_mismatch: [422, 'The file has another size than was announced.'],
  checksum_mismatch: [400, 'The file does not have the announced checksum.'],
  range_not_satisfiable: [416, 'The requested range lies outside the file.'],
  url_invalid: [
    403,
    'This address was not signed by us, or was changed.',
    'Ask for a new address.',
  ],
  url_expired: [403, 'This address has expired.', 'Ask for a new address.'],
  upload_refused: [
    403,
    'This upload is not the one that was signed: type and length must be exactly those announced.',
    'Send what was announced, or sign again.',
  ],
  length_required: [411, 'An upload must state its length.', 'Send a Content-Length header.'],
  upload_incomplete: [400, 'The upload ended before all of it had arrived.', 'Send it again.'],
  method_not_allowed: [405, 'Files answer to GET, HEAD and signed PUT only.'],
  unavailable: [503, 'File storage does not answer at the moment.'],
})

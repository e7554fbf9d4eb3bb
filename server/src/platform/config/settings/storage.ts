/** Settings of file storage. */
import { boolean, choice, secret, text, url } from '../kinds.ts'
import { issuedSecret } from '../production-rules.ts'

export const storageSettings = {
  S3_BUCKET_NAME: text({
    doc: 'Bucket for uploaded files.',
    example: 'example-uploads',
    pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    expects: 'a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens',
  }),
  S3_ENDPOINT: url({
    doc: 'Address of an S3-compatible service (R2, Spaces, MinIO); unset, Amazon S3.',
    example: 'https://account.r2.cloudflarestorage.com',
    protocols: ['http:', 'https:'],
    isPlain: true,
  }),
  S3_FORCE_PATH_STYLE: boolean({
    doc: 'Puts the bucket into the path instead of the host name.',
    default: {
      says: 'on when S3_ENDPOINT is set',
      from: (lookup) => lookup('S3_ENDPOINT') !== undefined,
    },
  }),
  AWS_REGION: text({
    doc: 'Region of the bucket and of other AWS services.',
    example: 'eu-central-1',
  }),
  AWS_ACCESS_KEY_ID: secret({
    doc: 'Access key; unset, the credentials of the machine’s own role are used.',
    production: issuedSecret('AWS'),
  }),
  AWS_SECRET_ACCESS_KEY: secret({
    doc: 'Secret of that access key.',
    production: issuedSecret('AWS'),
  }),
  STORAGE_DRIVER: choice(['local', 's3'], {
    doc: 'Where files are kept: in the data directory or in a bucket.',
    default: {
      says: 's3 when S3_BUCKET_NAME is set, else local',
      from: (lookup) => (lookup('S3_BUCKET_NAME') === undefined ? 'local' : 's3'),
    },
  }),
}

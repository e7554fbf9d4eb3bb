/** Runs the S3 twin by hand: `node twins/src/s3/main.ts --port 9000 --bucket files`. */
import { parseArgs } from 'node:util'
import { startS3Twin } from './index.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '9000' },
    host: { type: 'string', default: '127.0.0.1' },
    region: { type: 'string', default: 'us-east-1' },
    'access-key-id': { type: 'string', default: 'twin' },
    'secret-access-key': { type: 'string', default: 'twin-secret' },
    bucket: { type: 'string', multiple: true, default: ['files'] },
    directory: { type: 'string' },
  },
})

const twin = await startS3Twin({
  port: Number(values.port),
  host: values.host,
  region: values.region,
  accessKeyId: values['access-key-id'],
  secretAccessKey: values['secret-access-key'],
  buckets: values.bucket,
  ...(values.directory !== undefined && { directory: values.directory }),
})
console.log(`S3 twin at ${twin.url}, buckets: ${values.bucket.join(', ')}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void twin.close())
}

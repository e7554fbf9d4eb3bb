/** Operations on buckets: list, create, head, location, list objects, delete many. */
import type { Answer } from './answer.ts'
import { hasDeclaredChecksum, verifyChecksums } from './checksums.ts'
import { invalidArgument, invalidRequest, notImplemented, S3Error } from './errors.ts'
import { listObjects } from './listing.ts'
import { type Call, checksumHeaders, type Operation } from './operation.ts'
import { element, group, malformed, parseXml, type XmlElement, xmlDocument } from './xml.ts'

const maximumDeletes = 1000

export const bucketOperations: readonly Operation[] = [
  { name: 'ListBuckets', method: 'GET', target: 'service', run: listBuckets },
  { name: 'CreateBucket', method: 'PUT', target: 'bucket', run: createBucket },
  { name: 'HeadBucket', method: 'HEAD', target: 'bucket', run: headBucket },
  {
    name: 'GetBucketLocation',
    method: 'GET',
    target: 'bucket',
    selectedBy: ['location'],
    run: getLocation,
  },
  {
    name: 'ListObjectsV2',
    method: 'GET',
    target: 'bucket',
    selectedBy: ['list-type'],
    parameters: [
      'prefix',
      'delimiter',
      'max-keys',
      'continuation-token',
      'start-after',
      'encoding-type',
      'fetch-owner',
    ],
    run: listObjects,
  },
  {
    name: 'DeleteObjects',
    method: 'POST',
    target: 'bucket',
    selectedBy: ['delete'],
    headers: checksumHeaders,
    run: deleteObjects,
  },
]

function listBuckets(call: Call): Answer {
  const names = call.store.listBuckets()
  const body = xmlDocument('ListAllMyBucketsResult', [
    group(
      'Buckets',
      names.map((name) => group('Bucket', [element('Name', name)])),
    ),
  ])
  return { status: 200, body }
}

async function createBucket(call: Call): Promise<Answer> {
  if (!isBucketName(call.bucket)) {
    throw new S3Error('InvalidBucketName', 400, 'The specified bucket is not valid.', {
      BucketName: call.bucket,
    })
  }
  checkLocation(call)
  if (call.store.hasBucket(call.bucket)) {
    throw new S3Error(
      'BucketAlreadyOwnedByYou',
      409,
      'Your previous request to create the named bucket succeeded and you already own it.',
      { BucketName: call.bucket },
    )
  }
  await call.store.createBucket(call.bucket)
  return { status: 200, headers: { location: `/${call.bucket}` } }
}

function headBucket(call: Call): Answer {
  return { status: 200, headers: { 'x-amz-bucket-region': call.region } }
}

function getLocation(call: Call): Answer {
  const location = call.region === 'us-east-1' ? '' : call.region
  return { status: 200, body: xmlDocument('LocationConstraint', [location]) }
}

async function deleteObjects(call: Call): Promise<Answer> {
  if (!hasDeclaredChecksum(call.headers)) {
    throw invalidRequest('Missing required header for this request: Content-MD5')
  }
  verifyChecksums(call.headers, call.body)
  const root = parseXml(call.body.toString('utf8'), 'Delete')
  const { keys, isQuiet } = readDeletes(root)
  for (const key of keys) await call.store.remove(call.bucket, key)
  const deleted = keys.map((key) => group('Deleted', [element('Key', key)]))
  return { status: 200, body: xmlDocument('DeleteResult', isQuiet ? [] : deleted) }
}

function readDeletes(root: XmlElement): { keys: string[]; isQuiet: boolean } {
  const keys: string[] = []
  let isQuiet = false
  for (const child of root.children) {
    if (child.name === 'Quiet') isQuiet = child.text === 'true'
    else if (child.name === 'Object') keys.push(readKey(child))
    else if (child.text.trim() !== '' || child.name !== '') throw malformed()
  }
  if (keys.length === 0 || keys.length > maximumDeletes) throw malformed()
  return { keys, isQuiet }
}

function readKey(object: XmlElement): string {
  const other = object.children.find((field) => field.name !== 'Key')
  if (other) throw notImplemented(`deleting by ${other.name}`)
  const [key] = object.children
  if (!key || key.text === '' || object.children.length > 1) throw malformed()
  return key.text
}

function checkLocation(call: Call): void {
  const text = call.body.toString('utf8')
  const root = text.trim() === '' ? null : parseXml(text, 'CreateBucketConfiguration')
  const constraint = root?.children.find((child) => child.name === 'LocationConstraint')?.text
  if (constraint === undefined ? call.region === 'us-east-1' : constraint === call.region) return
  if (constraint === '') throw invalidArgument('Empty location', 'LocationConstraint', '')
  throw new S3Error(
    'IllegalLocationConstraintException',
    400,
    `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  )
}

/** Lower-case letters, digits, dots and hyphens, 3 to 63, not shaped like an IPv4 address. */
function isBucketName(name: string): boolean {
  if (!/^[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]$/.test(name)) return false
  return !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name)
}

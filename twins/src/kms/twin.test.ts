/** The twin against the official SDK, and against requests that no SDK would make. */
import { createHash, verify } from 'node:crypto'
import {
  DescribeKeyCommand,
  EncryptCommand,
  GetPublicKeyCommand,
  KMSClient,
  type KMSClientConfig,
  SignCommand,
} from '@aws-sdk/client-kms'
import { expect, onTestFinished, test } from 'vitest'
import {
  canonicalRequest,
  deriveSigningKey,
  requestStringToSign,
  sha256Hex,
  sign,
} from '../sigv4/signature.ts'
import { type KmsTwin, type KmsTwinOptions, startKmsTwin } from './index.ts'

const credentials = { accessKeyId: 'AKTWIN', secretAccessKey: 'a-secret-of-the-twin' }
const region = 'eu-north-1'
const rsaSha256 = 'RSASSA_PKCS1_V1_5_SHA_256'

async function givenTwin(options: Partial<KmsTwinOptions> = {}): Promise<KmsTwin> {
  const twin = await startKmsTwin({ ...credentials, region, ...options })
  onTestFinished(() => twin.close())
  return twin
}

function givenClient(twin: KmsTwin, config: KMSClientConfig = {}): KMSClient {
  const client = new KMSClient({
    endpoint: twin.url,
    region,
    credentials,
    maxAttempts: 1,
    ...config,
  })
  onTestFinished(() => client.destroy())
  return client
}

const nameOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing was refused',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  )

test('a message and its digest get the same signature, which the public key verifies', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const key = twin.createKey()
  const message = Buffer.from('hello')
  const digest = createHash('sha256').update(message).digest()
  const base = { KeyId: key.id, SigningAlgorithm: rsaSha256 } as const
  const raw = await client.send(new SignCommand({ ...base, Message: message }))
  const hashed = await client.send(
    new SignCommand({ ...base, Message: digest, MessageType: 'DIGEST' }),
  )
  expect(hashed.Signature).toEqual(raw.Signature)
  const { PublicKey, KeyId, KeyUsage } = await client.send(
    new GetPublicKeyCommand({ KeyId: key.id }),
  )
  expect({ KeyId, KeyUsage }).toEqual({ KeyId: key.arn, KeyUsage: 'SIGN_VERIFY' })
  const publicKey = { key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' } as const
  expect(verify('sha256', message, publicKey, raw.Signature ?? Buffer.alloc(0))).toBe(true)
})

test('a key is found by id, ARN, alias and alias ARN; an alias can move', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const [left, right] = [twin.createKey(), twin.createKey({ bits: 3072 })]
  twin.alias('alias/tokens', left.id)
  const arnOf = async (KeyId: string) =>
    (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Arn
  const aliasArn = left.arn.replace(/key\/.*/, 'alias/tokens')
  for (const name of [left.id, left.arn, 'alias/tokens', aliasArn])
    expect(await arnOf(name)).toBe(left.arn)
  twin.alias('alias/tokens', right.id)
  expect(await arnOf('alias/tokens')).toBe(right.arn)
})

test('what KMS refuses is refused by name', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const key = twin.createKey()
  const cipher = twin.createKey({ usage: 'ENCRYPT_DECRYPT' })
  const signed = (changes: object) =>
    nameOf(
      client.send(
        new SignCommand({
          KeyId: key.id,
          Message: Buffer.from('x'),
          SigningAlgorithm: rsaSha256,
          ...changes,
        }),
      ),
    )
  expect(await signed({ KeyId: 'nobody' })).toBe('NotFoundException')
  expect(await signed({ KeyId: 'alias/nobody' })).toBe('NotFoundException')
  expect(await signed({ KeyId: cipher.id })).toBe('InvalidKeyUsageException')
  expect(await signed({ MessageType: 'DIGEST' })).toBe('ValidationException')
  expect(await signed({ Message: Buffer.alloc(5000) })).toBe('ValidationException')
  expect(await signed({ SigningAlgorithm: 'ECDSA_SHA_256' })).toBe('ValidationException')
  key.state = 'Disabled'
  expect(await signed({})).toBe('DisabledException')
  key.state = 'PendingDeletion'
  expect(await signed({})).toBe('KMSInvalidStateException')
  const encrypt = new EncryptCommand({ KeyId: cipher.id, Plaintext: Buffer.from('x') })
  expect(await nameOf(client.send(encrypt))).toBe('UnknownOperationException')
  expect(twin.requests().at(-1)).toBe('Encrypt')
})

test('only a right signature opens', async () => {
  const twin = await givenTwin()
  const { id } = twin.createKey()
  const ask = (config: KMSClientConfig) =>
    nameOf(givenClient(twin, config).send(new GetPublicKeyCommand({ KeyId: id })))
  expect(await ask({})).toBe('nothing was refused')
  const wrongSecret = { ...credentials, secretAccessKey: 'wrong' }
  expect(await ask({ credentials: wrongSecret })).toBe('InvalidSignatureException')
  const stranger = { ...credentials, accessKeyId: 'AKOTHER' }
  expect(await ask({ credentials: stranger })).toBe('UnrecognizedClientException')
  expect(await ask({ credentials: { ...credentials, sessionToken: 't' } })).toBe(
    'UnrecognizedClientException',
  )
  expect(await ask({ region: 'us-east-1' })).toBe('InvalidSignatureException')
  const late = await givenTwin({ clock: () => new Date(Date.now() + 600_000) })
  expect(
    await nameOf(givenClient(late).send(new GetPublicKeyCommand({ KeyId: late.createKey().id }))),
  ).toBe('InvalidSignatureException')
})

/** Signs by hand; `sent` is what goes over the wire instead of what was signed. */
async function sendRaw(twin: KmsTwin, body: string, sent: { body?: string; target?: string } = {}) {
  const timestamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const headers: Record<string, string> = {
    'content-type': 'application/x-amz-json-1.1',
    host: new URL(twin.url).host,
    'x-amz-date': timestamp,
    'x-amz-target': 'TrentService.DescribeKey',
  }
  const scope = { date: timestamp.slice(0, 8), region, service: 'kms' }
  const signedHeaders = Object.keys(headers).toSorted()
  const canonical = canonicalRequest({
    method: 'POST',
    path: '/',
    query: [],
    headers: new Map(Object.entries(headers)),
    signedHeaders,
    payloadHash: sha256Hex(body),
  })
  const key = deriveSigningKey(credentials.secretAccessKey, scope)
  const signature = sign(key, requestStringToSign(timestamp, scope, canonical))
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope.date}/${region}/kms/aws4_request, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`
  if (sent.target !== undefined) headers['x-amz-target'] = sent.target
  const response = await fetch(twin.url, { method: 'POST', headers, body: sent.body ?? body })
  return { status: response.status, answer: (await response.json()) as { __type?: string } }
}

test('a request made by hand is answered; changed on its way it is not', async () => {
  const twin = await givenTwin()
  const [mine, other] = [twin.createKey(), twin.createKey()]
  const body = JSON.stringify({ KeyId: mine.id })
  expect(await sendRaw(twin, body)).toMatchObject({
    status: 200,
    answer: { KeyMetadata: { Arn: mine.arn } },
  })
  const changes = [
    { body: JSON.stringify({ KeyId: other.id }) },
    { target: 'TrentService.GetPublicKey' },
  ]
  for (const changed of changes)
    expect(await sendRaw(twin, body, changed)).toMatchObject({
      status: 400,
      answer: { __type: 'InvalidSignatureException' },
    })
  for (const odd of ['', '[]', 'null', '{'])
    expect((await sendRaw(twin, odd)).answer.__type).toBe('SerializationException')
  const unsigned = await fetch(twin.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'TrentService.DescribeKey',
    },
    body,
  })
  expect(await unsigned.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' })
})

test('faults come when ordered and end when told', async () => {
  const twin = await givenTwin()
  const { id } = twin.createKey()
  const client = givenClient(twin)
  const ask = () => nameOf(client.send(new GetPublicKeyCommand({ KeyId: id })))
  twin.faults.throttleNext(1)
  expect(await ask()).toBe('ThrottlingException')
  twin.faults.failNext(1, 'KMSInternalException')
  expect(await ask()).toBe('KMSInternalException')
  expect(await ask()).toBe('nothing was refused')
  twin.faults.goDown()
  expect(await ask()).not.toBe('nothing was refused')
  twin.faults.clear()
  expect(await ask()).toBe('nothing was refused')
})

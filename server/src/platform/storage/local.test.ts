/** What only the local driver promises: its handler, its files, its races. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openLocalStorage } from './local.ts'
import { openLocalSubject } from './testing.ts'

const plain = { contentType: 'text/plain' }

async function given() {
  const subject = await openLocalSubject()
  onTestFinished(() => subject.close())
  return subject
}

/** Sends the path as it is, where fetch would tidy it up. */
async function rawRequest(
  url: string,
  options: { method: string; path: string; headers?: Record<string, string>; body?: string },
) {
  const { hostname, port } = new URL(url)
  const request = httpRequest({ hostname, port, ...options, agent: false })
  request.end(options.body)
  const [response] = await once(request, 'response')
  return { status: Number(response.statusCode), body: await text(response) }
}

async function openFiles(): Promise<number> {
  return (await readdir('/proc/self/fd')).length
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

test('a file from a stranger can not act in our origin', async () => {
  const { storage } = await given()
  const types = ['text/html', 'image/svg+xml', 'application/xml', 'application/pdf', 'image/png']
  const shown: Record<string, string | null> = {}
  for (const contentType of types) {
    await storage.put('k', Buffer.from('<script>'), { contentType })
    const { url } = await storage.signGet('k', { ttlSeconds: 60, disposition: 'inline' })
    const response = await fetch(url)
    shown[contentType] = response.headers.get('content-disposition')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
  }
  expect(shown).toEqual({
    'text/html': 'attachment',
    'image/svg+xml': 'attachment',
    'application/xml': 'attachment',
    'application/pdf': 'attachment',
    'image/png': 'inline',
  })
})

test('HEAD says what GET would, without the body', async () => {
  const { storage } = await given()
  await storage.put('k', Buffer.from('hello'), plain)
  const { url } = await storage.signGet('k', { ttlSeconds: 60 })
  const head = await fetch(url, { method: 'HEAD' })
  expect(head.status).toBe(200)
  expect(head.headers.get('content-length')).toBe('5')
  expect(await head.text()).toBe('')
})

test('a range counts only while the object is the one the client knows', async () => {
  const { storage } = await given()
  await storage.put('k', Buffer.from('hello'), plain)
  const { url } = await storage.signGet('k', { ttlSeconds: 60 })
  const etag = (await fetch(url)).headers.get('etag') ?? ''
  const part = (ifRange: string) =>
    fetch(url, { headers: { range: 'bytes=-2', 'if-range': ifRange } })

  expect(await (await part(etag)).text()).toBe('lo')
  expect(await (await part('"other"')).text()).toBe('hello')
  const several = await fetch(url, { headers: { range: 'bytes=0-1,3-4' } })
  expect([several.status, await several.text()]).toEqual([200, 'hello'])
  expect((await fetch(url, { headers: { range: 'bytes=-0' } })).status).toBe(416)
})

test('no spelling of a path leads out of the store', async () => {
  const { storage, directory, publicUrl } = await given()
  await storage.put('k', Buffer.from('x'), plain)
  await writeFile(join(directory, 'outside'), 'secret')
  const { url } = await storage.signGet('k', { ttlSeconds: 60 })
  const query = new URL(url).search
  const paths = [
    '../outside',
    '%2e%2e/outside',
    '..%2foutside',
    '..%5coutside',
    '%00',
    '%ff',
    '/k',
    'k/',
  ]
  for (const path of paths) {
    const answer = await rawRequest(publicUrl, { method: 'GET', path: `/storage/${path}${query}` })
    expect({ path, ...answer }).toEqual({ path, status: 403, body: 'storage.url_invalid' })
  }
  const good = await rawRequest(publicUrl, { method: 'GET', path: `/storage/k${query}` })
  expect(good).toEqual({ status: 200, body: 'x' })
})

test('an upload must state its length', async () => {
  const { storage, publicUrl } = await given()
  const signed = await storage.signPut('k', { ...plain, sizeBytes: 1, ttlSeconds: 60 })
  const { pathname, search } = new URL(signed.url)
  const headers = { ...signed.headers, 'transfer-encoding': 'chunked' }
  const target = { method: 'PUT', path: pathname + search, body: 'x' }
  expect(await rawRequest(publicUrl, { ...target, headers })).toEqual({
    status: 411,
    body: 'storage.length_required',
  })
})

test('an upload that breaks off leaves no object and no file behind', async () => {
  const { storage, directory } = await given()
  const signed = await storage.signPut('k', { ...plain, sizeBytes: 100_000, ttlSeconds: 60 })
  const { hostname, port, pathname, search } = new URL(signed.url)
  const request = httpRequest({
    hostname,
    port,
    method: 'PUT',
    path: pathname + search,
    headers: { ...signed.headers, 'content-length': 100_000 },
  })
  request.on('error', () => null)
  request.write('only the beginning')
  while ((await filesBelow(directory).catch(() => [])).length === 0) await pause(5)
  request.destroy()
  while ((await filesBelow(directory)).length > 0) await pause(5)
  expect(await storage.head('k')).toBeNull()
})

test('an upload with the wrong bytes is told so and leaves no file behind', async () => {
  const { storage, directory } = await given()
  const checksumSha256 = 'a'.repeat(64)
  const options = { ...plain, sizeBytes: 200_000, checksumSha256, ttlSeconds: 60 }
  const { url, headers } = await storage.signPut('k', options)
  const response = await fetch(url, { method: 'PUT', headers, body: 'x'.repeat(200_000) })
  expect([response.status, await response.text()]).toEqual([400, 'storage.checksum_mismatch'])
  expect(await filesBelow(directory)).toEqual([])
})

test('files of killed processes are removed after a day, younger ones are left alone', async () => {
  const { storage, directory } = await given()
  const incoming = join(directory, 'incoming')
  await mkdir(incoming, { recursive: true })
  await writeFile(join(incoming, 'old'), 'x')
  await writeFile(join(incoming, 'young'), 'x')
  const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000)
  await utimes(join(incoming, 'old'), twoDaysAgo, twoDaysAgo)

  await storage.put('k', Buffer.from('x'), plain)

  expect(await readdir(incoming)).toEqual(['young'])
})

test('the body of a stored file begins after one block of 1024 bytes', async () => {
  const { storage, directory } = await given()
  await storage.put('Folder/name.txt', Buffer.from('by hand'), plain)
  const file = await readFile(join(directory, 'objects', 'd-%46older', 'o-name.txt'))
  expect(file.subarray(1024).toString()).toBe('by hand')
})

test('writers and deleters of one folder do not trip each other', async () => {
  const { storage } = await given()
  const rounds = Array.from({ length: 60 }, async (_, index) => {
    const key = `deep/er/folder/${index % 3}`
    if (index % 2 === 0) await storage.put(key, Buffer.alloc(2000, `${index % 10}`), plain)
    else await storage.delete(key)
  })
  await Promise.all(rounds)
  for (const { key } of (await storage.list('')).objects) {
    const content = await text((await storage.get(key)).body)
    expect(new Set(content).size).toBe(1)
    expect(content).toHaveLength(2000)
  }
  await storage.put('deep/er/folder/last', Buffer.from('x'), plain)
  expect(await storage.head('deep/er/folder/last')).not.toBeNull()
})

test.skipIf(!existsSync('/proc/self/fd'))('every way out gives the file back', async () => {
  const { storage } = await given()
  await storage.put('k', Buffer.alloc(1_000_000), plain)
  const { url } = await storage.signGet('k', { ttlSeconds: 60 })
  await fetch(url, { method: 'HEAD' })
  const before = await openFiles()
  for (let round = 0; round < 30; round += 1) {
    const { body } = await storage.get('k')
    body.destroy()
    await once(body, 'close')
    await storage.head('k')
    await expect(storage.get('k', { start: 1_000_000 })).rejects.toThrow('range')
    await fetch(url, { method: 'HEAD' })
    expect((await fetch(url, { headers: { range: 'bytes=-0' } })).status).toBe(416)
    const aborted = await fetch(url)
    await aborted.body?.cancel()
  }
  await expect.poll(openFiles).toBeLessThanOrEqual(before + 5)
})

test('a signing key that could be guessed is refused at the start', () => {
  const options = { directory: 'unused', publicUrl: 'http://127.0.0.1' }
  expect(() => openLocalStorage({ ...options, signingKey: 'k'.repeat(31) })).toThrow(RangeError)
  expect(openLocalStorage({ ...options, signingKey: 'k'.repeat(32) })).toBeDefined()
})

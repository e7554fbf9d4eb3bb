/** The contract of the storage port, run on every driver. */
import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SignedPut, Storage } from './storage.ts'
import { openLocalSubject, openS3Subject, type Subject } from './testing.ts'

const png = { contentType: 'image/png' }
const plain = { contentType: 'text/plain; charset=utf-8' }

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

async function keysOf(storage: Storage): Promise<string[]> {
  return (await storage.list('')).objects.map((object) => object.key)
}

/** Yields so many bytes, then fails. */
function brokenStream(bytes: number): Readable {
  const chunks = function* () {
    yield Buffer.alloc(bytes)
    throw new Error('the source broke')
  }
  return Readable.from(chunks())
}

function upload(
  signed: SignedPut,
  body: string | Uint8Array,
  changes: Record<string, string> = {},
) {
  const headers = { ...signed.headers, ...changes }
  return fetch(signed.url, {
    method: signed.method,
    headers,
    body: new Uint8Array(Buffer.from(body)),
  })
}

describe.each([
  ['local disk', openLocalSubject],
  ['S3', openS3Subject],
])('storage on %s', (_name, open: () => Promise<Subject>) => {
  let subject: Subject
  let storage: Storage
  beforeEach(async () => {
    subject = await open()
    storage = subject.storage
  })
  afterEach(() => subject.close())

  describe('objects', () => {
    test('what is put comes back with its type, size and checksum', async () => {
      const put = await storage.put('a/b.txt', Buffer.from('hello'), plain)
      const expected = { key: 'a/b.txt', sizeBytes: 5, ...plain, checksumSha256: sha256('hello') }

      expect(put).toMatchObject(expected)
      expect(await storage.head('a/b.txt')).toMatchObject(expected)
      const { object, body } = await storage.get('a/b.txt')
      expect(object).toMatchObject(expected)
      expect(object.modifiedAt).toBeInstanceOf(Date)
      expect(await text(body)).toBe('hello')
    })

    test('an empty object is an object', async () => {
      await storage.put('empty', Buffer.alloc(0), plain)
      const { object, body } = await storage.get('empty')
      expect(object.sizeBytes).toBe(0)
      expect(await text(body)).toBe('')
    })

    test('putting again replaces bytes and type, and a reader who has begun reads the old one to its end', async () => {
      await storage.put('k', Buffer.alloc(300_000, 'a'), plain)
      const begun = await storage.get('k')
      await storage.put('k', Buffer.from('new'), png)

      expect(await text(begun.body)).toBe('a'.repeat(300_000))
      expect(await storage.head('k')).toMatchObject({ sizeBytes: 3, ...png })
      expect(await keysOf(storage)).toEqual(['k'])
    })

    test('what is missing is missing everywhere, and deleting it is no error', async () => {
      await expect(storage.get('none')).rejects.toMatchObject({
        code: 'storage.object_not_found',
        status: 404,
      })
      expect(await storage.head('none')).toBeNull()
      await storage.delete('none')
      await storage.put('k', Buffer.from('x'), plain)
      await storage.delete('k')
      await storage.delete('k')
      expect(await storage.head('k')).toBeNull()
      expect(await keysOf(storage)).toEqual([])
    })

    test('a stream of unknown size is stored whole', async () => {
      const parts = ['one ', 'two ', 'three']
      const put = await storage.put('s', Readable.from(parts), plain)
      expect(put).toMatchObject({ sizeBytes: 13, checksumSha256: sha256('one two three') })
      expect(await text((await storage.get('s')).body)).toBe('one two three')
    })

    test('twenty megabytes arrive unchanged, from a stream and from memory', async () => {
      const content = randomBytes(20 * 1024 * 1024 + 17)
      const chunks = Array.from({ length: 41 }, (_, index) =>
        content.subarray(index * 512 * 1024, (index + 1) * 512 * 1024),
      )
      const streamed = await storage.put('streamed', Readable.from(chunks), png)
      await storage.put('whole', content, png)

      expect(streamed).toMatchObject({ sizeBytes: content.length, checksumSha256: sha256(content) })
      for (const key of ['streamed', 'whole']) {
        const found = await storage.get(key)
        expect(found.object).toMatchObject({ sizeBytes: content.length, ...png })
        expect(sha256(await buffer(found.body))).toBe(sha256(content))
      }
    })

    test('a body of another size than announced is refused and nothing is stored', async () => {
      const large = Buffer.alloc(9 * 1024 * 1024)
      for (const [body, sizeBytes] of [
        [Readable.from(['four']), 3],
        [Readable.from(['four']), 5],
        [large, large.length - 1],
        [large, large.length + 1],
      ] as const) {
        await expect(storage.put('k', body, { ...plain, sizeBytes })).rejects.toMatchObject({
          code: 'storage.size_mismatch',
        })
      }
      expect(await keysOf(storage)).toEqual([])
      await storage.put('k', Readable.from(['four']), { ...plain, sizeBytes: 4 })
      expect(await keysOf(storage)).toEqual(['k'])
    })

    test('a stream that breaks leaves the old object in place', async () => {
      await storage.put('k', Buffer.from('old'), plain)
      for (const bytes of [1000, 17 * 1024 * 1024]) {
        const source = brokenStream(bytes)
        await expect(storage.put('k', source, png)).rejects.toThrow('the source broke')
        expect(source.destroyed).toBe(true)
      }
      expect(await text((await storage.get('k')).body)).toBe('old')
      expect(await keysOf(storage)).toEqual(['k'])
    })

    test.each([
      [{ start: 0, end: 0 }, 'h'],
      [{ start: 1, end: 3 }, 'ell'],
      [{ start: 3 }, 'lo'],
      [{ start: 2, end: 900 }, 'llo'],
    ])('the range %o returns just those bytes', async (range, expected) => {
      await storage.put('k', Buffer.from('hello'), plain)
      const { object, body } = await storage.get('k', range)
      expect(await text(body)).toBe(expected)
      expect(object).toMatchObject({ sizeBytes: 5, ...plain })
    })

    test('a range outside the object, or backwards, is refused', async () => {
      await storage.put('k', Buffer.from('hello'), plain)
      await storage.put('empty', Buffer.alloc(0), plain)
      const refused = { code: 'storage.range_not_satisfiable', status: 416 }
      await expect(storage.get('k', { start: 5 })).rejects.toMatchObject(refused)
      await expect(storage.get('empty', { start: 0 })).rejects.toMatchObject(refused)
      await expect(storage.get('k', { start: 3, end: 2 })).rejects.toMatchObject(refused)
      await expect(storage.get('k', { start: -1 })).rejects.toMatchObject(refused)
    })
  })

  describe('keys', () => {
    const unusual = [
      'UPPER/lower',
      'upper/lower',
      'a',
      'a/b',
      'a.b',
      'con/nul.txt',
      '%2e%2e/x',
      'trailing./dot.',
      ' space /+plus&=?#',
      'ключ/鍵/🗝️',
      'e\u0301/\u00e9',
      'cod\u202eexe.txt',
      "quo'te(s)*!",
    ]

    test('unusual keys stay apart and come back as they were', async () => {
      for (const key of unusual) await storage.put(key, Buffer.from(key), plain)
      for (const key of unusual) expect(await text((await storage.get(key)).body)).toBe(key)
      const sorted = unusual.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      expect(await keysOf(storage)).toEqual(sorted)
      for (const key of unusual) await storage.delete(key)
      expect(await keysOf(storage)).toEqual([])
    })

    test.each([
      [''],
      ['/absolute'],
      ['a//b'],
      ['a/'],
      ['..'],
      ['../up'],
      ['a/../../b'],
      ['a/./b'],
      ['back\\slash'],
      ['nul\0'],
      ['line\nbreak'],
      ['lone \ud800 surrogate'],
      ['x'.repeat(241)],
      [`${'é/'.repeat(400)}x`],
    ])('the key %j is refused by every method', async (key) => {
      const refused = { code: 'storage.invalid_key', status: 422 }
      const sign = { ...png, sizeBytes: 1, ttlSeconds: 60 }
      await expect(storage.put(key, Buffer.from('x'), plain)).rejects.toMatchObject(refused)
      await expect(storage.get(key)).rejects.toMatchObject(refused)
      await expect(storage.head(key)).rejects.toMatchObject(refused)
      await expect(storage.delete(key)).rejects.toMatchObject(refused)
      await expect(storage.signPut(key, sign)).rejects.toMatchObject(refused)
      await expect(storage.signGet(key, { ttlSeconds: 60 })).rejects.toMatchObject(refused)
      expect(await keysOf(storage)).toEqual([])
    })

    test('the longest key works', async () => {
      const key = [...Array.from({ length: 5 }, () => 'y'.repeat(200)), 'z'.repeat(19)].join('/')
      expect(Buffer.byteLength(key)).toBe(1024)
      await storage.put(key, Buffer.from('x'), plain)
      expect(await keysOf(storage)).toEqual([key])
    })
  })

  describe('listing', () => {
    test('a prefix may be a folder, part of a name, or nothing', async () => {
      for (const key of ['a/1', 'a/2', 'ab', 'b/1']) {
        await storage.put(key, Buffer.from(key), plain)
      }
      const list = async (prefix: string) =>
        (await storage.list(prefix)).objects.map((object) => object.key)

      expect(await list('a/')).toEqual(['a/1', 'a/2'])
      expect(await list('a')).toEqual(['a/1', 'a/2', 'ab'])
      expect(await list('none/')).toEqual([])
      expect((await storage.list('b')).objects[0]).toMatchObject({
        sizeBytes: 3,
        modifiedAt: expect.any(Date),
      })
      await expect(storage.list('../')).rejects.toMatchObject({ code: 'storage.invalid_key' })
    })

    test('pages join without gap or repetition, also when objects vanish in between', async () => {
      const keys = ['a', 'a!', 'a/1', 'a/2', 'a/b/c', 'a0', 'b', 'c/1/2/3']
      for (const key of keys) await storage.put(key, Buffer.from('x'), plain)

      const pages: string[][] = []
      let cursor: string | null = null
      do {
        const page = await storage.list('', { limit: 3, ...(cursor !== null && { cursor }) })
        pages.push(page.objects.map((object) => object.key))
        cursor = page.nextCursor
        if (pages.length === 1) await storage.delete('a/1')
      } while (cursor !== null)

      expect(pages).toEqual([
        ['a', 'a!', 'a/1'],
        ['a/2', 'a/b/c', 'a0'],
        ['b', 'c/1/2/3'],
      ])
    })

    test('a page that is exactly full says so, and a foreign cursor is refused', async () => {
      await storage.put('a', Buffer.from('x'), plain)
      expect((await storage.list('', { limit: 1 })).nextCursor).toBeNull()
      await expect(storage.list('', { cursor: 'foreign' })).rejects.toMatchObject({
        code: 'storage.invalid_cursor',
        status: 422,
      })
    })
  })

  describe('signed upload', () => {
    const content = 'the right bytes'
    const checksumSha256 = sha256(content)
    const bound = { ...png, sizeBytes: content.length, checksumSha256, ttlSeconds: 60 }

    test('the announced file is accepted and stored as announced', async () => {
      const signed = await storage.signPut('u/1', bound)
      expect(signed.expiresAt.getTime()).toBeGreaterThan(Date.now())
      expect((await upload(signed, content)).status).toBe(200)
      expect(await storage.head('u/1')).toMatchObject({
        sizeBytes: content.length,
        checksumSha256,
        ...png,
      })
    })

    test('another type, length, checksum, body, key or method is refused and nothing is stored', async () => {
      const signed = await storage.signPut('u/1', bound)
      const moved = { ...signed, url: signed.url.replace('u/1?', 'u/2?') }
      const otherBytes = 'the wrong bytes'

      const wrongType = await upload(signed, content, { 'content-type': 'text/html' })
      const longer = await upload(signed, `${content}!`)
      const shorter = await upload(signed, content.slice(1))
      const wrongBytes = await upload(signed, otherBytes)
      const wrongKey = await upload(moved, content)
      const wrongMethod = await fetch(signed.url)
      const encoded = await upload(signed, content, {
        'x-amz-acl': 'public-read',
        'content-encoding': 'gzip',
      })

      const refusals = [wrongType, longer, shorter, wrongKey, wrongMethod, encoded]
      expect(refusals.map((response) => response.status)).toEqual([403, 403, 403, 403, 403, 403])
      expect(wrongBytes.status).toBe(400)
      expect(await keysOf(storage)).toEqual([])
      expect((await upload(signed, content)).status).toBe(200)
    })

    test('every changed part of the address is refused', async () => {
      const { url, headers } = await storage.signPut('u/1', bound)
      const [path, query] = url.split('?')
      const parameters = [...new URLSearchParams(query)]
      expect(parameters.length).toBeGreaterThan(3)
      for (const [name, value] of parameters) {
        const changed = new URLSearchParams(query)
        const flipped = value.endsWith('1') ? '2' : '1'
        changed.set(name, value.slice(0, -1) + flipped)
        const without = new URLSearchParams(query)
        without.delete(name)
        for (const search of [changed, without, `${query}&${name}=${encodeURIComponent(value)}`]) {
          const address = `${path}?${search.toString()}`
          const response = await fetch(address, { method: 'PUT', headers, body: content })
          expect([400, 403], `${name} in ${address}`).toContain(response.status)
        }
      }
      const unsigned = await fetch(path ?? '', { method: 'PUT', headers, body: content })
      expect(unsigned.status).toBe(403)
      expect(await keysOf(storage)).toEqual([])
    })

    test('the address ends when it says', async () => {
      const early = await storage.signPut('u/1', bound)
      subject.advance(55)
      expect((await upload(early, content)).status).toBe(200)
      subject.advance(10)
      expect((await upload(early, content)).status).toBe(403)
      const late = await storage.signPut('u/late', bound)
      subject.advance(62)
      expect((await upload(late, content)).status).toBe(403)
      expect(await keysOf(storage)).toEqual(['u/1'])
    })

    test('without a checksum any bytes of that type and length are accepted', async () => {
      const signed = await storage.signPut('u/1', { ...png, sizeBytes: 3, ttlSeconds: 60 })
      expect((await upload(signed, 'abc')).status).toBe(200)
      expect((await upload(signed, 'abcd')).status).toBe(403)
      expect(await storage.head('u/1')).toMatchObject({ sizeBytes: 3 })
    })

    test('eight megabytes pass through a signed address', async () => {
      const large = randomBytes(8 * 1024 * 1024)
      const options = {
        ...png,
        sizeBytes: large.length,
        checksumSha256: sha256(large),
        ttlSeconds: 60,
      }
      expect((await upload(await storage.signPut('u/large', options), large)).status).toBe(200)
      expect(sha256(await buffer((await storage.get('u/large')).body))).toBe(sha256(large))
    })

    test('types, sizes, checksums and lives that make no sense are not signed', async () => {
      for (const contentType of [
        '',
        'png',
        'text/html\r\nx: y',
        'a/b; c',
        'é/é',
        `a/${'b'.repeat(300)}`,
      ]) {
        await expect(storage.signPut('u/1', { ...bound, contentType })).rejects.toMatchObject({
          code: 'storage.invalid_content_type',
        })
      }
      for (const sizeBytes of [-1, 1.5, Number.NaN, 6 * 1024 ** 3]) {
        await expect(storage.signPut('u/1', { ...bound, sizeBytes })).rejects.toMatchObject({
          code: 'storage.invalid_size',
        })
      }
      await expect(
        storage.signPut('u/1', { ...bound, checksumSha256: 'ABC' }),
      ).rejects.toMatchObject({
        code: 'storage.invalid_checksum',
      })
      for (const ttlSeconds of [0, 0.5, 3601]) {
        await expect(storage.signPut('u/1', { ...bound, ttlSeconds })).rejects.toThrow(RangeError)
      }
    })
  })

  describe('signed download', () => {
    test('the address gives the object as an attachment that no cache keeps', async () => {
      await storage.put('d/1', Buffer.from('hello'), { contentType: 'text/html' })
      const { url } = await storage.signGet('d/1', { ttlSeconds: 60 })
      const response = await fetch(url)

      expect(response.status).toBe(200)
      expect(await response.text()).toBe('hello')
      expect(response.headers.get('content-type')).toBe('text/html')
      expect(response.headers.get('content-disposition')).toBe('attachment')
      expect(response.headers.get('cache-control')).toBe('private, no-store')
      const part = await fetch(url, { headers: { range: 'bytes=1-2' } })
      expect([part.status, await part.text()]).toEqual([206, 'el'])
      expect(part.headers.get('content-range')).toBe('bytes 1-2/5')
      expect((await fetch(url, { headers: { range: 'bytes=9-' } })).status).toBe(416)
    })

    test.each([
      ['plan.pdf', `attachment; filename="plan.pdf"; filename*=UTF-8''plan.pdf`],
      ['a"b.txt', `attachment; filename="ab.txt"; filename*=UTF-8''ab.txt`],
      [
        'x\r\nset-cookie: a=b',
        `attachment; filename="xset-cookie: a=b"; filename*=UTF-8''xset-cookie%3A%20a%3Db`,
      ],
      ['../../etc/passwd', `attachment; filename="passwd"; filename*=UTF-8''passwd`],
      ['C:\\temp\\a.txt', `attachment; filename="a.txt"; filename*=UTF-8''a.txt`],
      [
        'Gruß 🙂.txt',
        `attachment; filename="Gru_ __.txt"; filename*=UTF-8''Gru%C3%9F%20%F0%9F%99%82.txt`,
      ],
      ['cod\u202eexe.txt', `attachment; filename="codexe.txt"; filename*=UTF-8''codexe.txt`],
      [
        "it's (50%)*.txt",
        `attachment; filename="it's (50_)*.txt"; filename*=UTF-8''it%27s%20%2850%25%29%2A.txt`,
      ],
      ['..', 'attachment'],
      ['\ud800', `attachment; filename="_"; filename*=UTF-8''%EF%BF%BD`],
    ])('the file name %j is offered without harm', async (filename, expected) => {
      await storage.put('d/1', Buffer.from('x'), plain)
      const { url } = await storage.signGet('d/1', { ttlSeconds: 60, filename })
      const response = await fetch(url)
      expect(response.headers.get('content-disposition')).toBe(expected)
      expect(response.headers.get('set-cookie')).toBeNull()
    })

    test('inline is shown in place when asked for', async () => {
      await storage.put('d/1', Buffer.from('x'), png)
      const { url } = await storage.signGet('d/1', { ttlSeconds: 60, disposition: 'inline' })
      expect((await fetch(url)).headers.get('content-disposition')).toBe('inline')
    })

    test('a changed, expired or foreign address is refused, a missing object is 404', async () => {
      await storage.put('d/1', Buffer.from('x'), plain)
      await storage.put('d/2', Buffer.from('secret'), plain)
      const { url } = await storage.signGet('d/1', { ttlSeconds: 60, filename: 'a.txt' })

      expect((await fetch(url.replace('d/1?', 'd/2?'))).status).toBe(403)
      expect((await fetch(url.replace('a.txt', 'b.txt'))).status).toBe(403)
      expect((await fetch(url.replace('attachment', 'inline'))).status).toBe(403)
      expect((await fetch(url, { method: 'DELETE' })).status).toBeGreaterThanOrEqual(403)
      expect((await fetch(url)).status).toBe(200)
      const missing = await storage.signGet('d/none', { ttlSeconds: 60 })
      expect((await fetch(missing.url)).status).toBe(404)
      subject.advance(61)
      expect((await fetch(url)).status).toBe(403)
      await expect(storage.signGet('d/1', { ttlSeconds: 301 })).rejects.toThrow(RangeError)
    })
  })

  describe('health', () => {
    test('a working store passes the check', async () => {
      const check = await storage.check()
      expect(check.status).not.toBe('fail')
      expect(check.detail).toMatch(/\d/)
    })

    test('a store that is down is a clear 503 everywhere, and addresses are still signed', async () => {
      await storage.put('k', Buffer.from('x'), plain)
      await subject.breakDown()
      const down = { code: 'storage.unavailable', status: 503 }
      const source = Readable.from(['x'])

      await expect(storage.put('k', source, plain)).rejects.toMatchObject(down)
      expect(source.destroyed).toBe(true)
      await expect(storage.get('k')).rejects.toMatchObject(down)
      await expect(storage.head('k')).rejects.toMatchObject(down)
      await expect(storage.delete('k')).rejects.toMatchObject(down)
      await expect(storage.list('')).rejects.toMatchObject(down)
      expect((await storage.check()).status).toBe('fail')
      const signed = await storage.signPut('k', { ...png, sizeBytes: 1, ttlSeconds: 60 })
      expect(signed.method).toBe('PUT')
      expect((await storage.signGet('k', { ttlSeconds: 60 })).url).toContain('http')
    })
  })
})

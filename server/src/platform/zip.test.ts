/** Archives that others can open. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type ZipEntry, zipOf } from './zip.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'ashlar-zip-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function* texts(...parts: string[]): AsyncGenerator<string> {
  yield* parts
}

async function write(entries: Iterable<ZipEntry>): Promise<string> {
  const file = path.join(folder, 'archive.zip')
  const chunks: Buffer[] = []
  for await (const chunk of zipOf(entries)) chunks.push(chunk)
  writeFileSync(file, Buffer.concat(chunks))
  return file
}

/** What Python's zipfile reads: it checks structure, sizes and checksums, and shares no code with us. */
function read(file: string): Record<string, string> {
  const program = `import json,sys,zipfile
z=zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps({n:z.read(n).decode() for n in z.namelist()}))`
  return JSON.parse(execFileSync('python3', ['-c', program, file], { encoding: 'utf8' }))
}

const hasPython = (() => {
  try {
    execFileSync('python3', ['--version'])
    return true
  } catch {
    return false
  }
})()

test.runIf(hasPython)(
  'an archive of several files, an empty one and an odd name opens elsewhere',
  async () => {
    const long = Array.from({ length: 5000 }, (_, index) => `line ${index}\n`)
    const file = await write([
      { name: 'a.json', body: texts('[', '1', ']') },
      { name: 'leer/ö – ✓.json', body: texts() },
      { name: 'long.txt', body: texts(...long) },
    ])
    expect(read(file)).toEqual({
      'a.json': '[1]',
      'leer/ö – ✓.json': '',
      'long.txt': long.join(''),
    })
  },
)

test.runIf(hasPython)('an archive of nothing opens, too', async () => {
  expect(read(await write([]))).toEqual({})
})

test('a source that fails fails the archive', async () => {
  async function* failing(): AsyncGenerator<string> {
    yield 'x'
    throw new Error('the database went away')
  }
  await expect(write([{ name: 'a', body: failing() }])).rejects.toThrow('went away')
})

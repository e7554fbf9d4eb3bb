import { expect, test } from 'vitest'
import { openProgress } from './progress.ts'

function terminal(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, written, write: (text: string) => written.push(text) }
}

test('a terminal sees how far the work is, and nothing is left of it at the end', () => {
  const stderr = terminal(true)
  const progress = openProgress('Verifying', stderr)
  progress.show(250_000, 1_000_000)
  progress.end()
  expect(stderr.written[0]).toContain(`Verifying ${'█'.repeat(8)}${'░'.repeat(22)} 25 %  250,000`)
  expect(stderr.written.at(-1)).toBe('\r\u001b[K')
})

test('without a total it counts', () => {
  const stderr = terminal(true)
  openProgress('Exporting', stderr).show(1_000, null)
  expect(stderr.written[0]).toContain('Exporting 1,000')
})

test('a file or a pipe sees nothing', () => {
  const stderr = terminal(false)
  const progress = openProgress('Verifying', stderr)
  progress.show(1, 2)
  progress.end()
  expect(stderr.written).toEqual([])
})

/** What runs inside the password thread: one task after the other, an answer for each. */
import { parentPort } from 'node:worker_threads'
import type { Strength } from './strength.ts'

export type Task =
  | { readonly kind: 'measure'; readonly password: string; readonly words: readonly string[] }
  | { readonly kind: 'bcrypt'; readonly password: string; readonly hash: string }

export type Answer = Strength | boolean

type Meter = (password: string, words: readonly string[]) => Strength

let meter: Promise<Meter> | null = null

async function answer(task: Task): Promise<Answer> {
  if (task.kind === 'bcrypt') {
    const bcrypt = await import('bcryptjs')
    return bcrypt.compareSync(task.password, task.hash)
  }
  // Read at the first measure: a thread that only compares does not need the dictionaries.
  meter ??= import('./strength.ts').then(({ createStrengthMeter }) => createStrengthMeter())
  return (await meter)(task.password, task.words)
}

parentPort?.on('message', (task: Task) => {
  void answer(task).then((result) => parentPort?.postMessage(result, []))
})

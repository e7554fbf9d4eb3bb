/** Runs before each test file. */
import { afterAll, afterEach, beforeEach } from 'vitest'
import { closeDownTo, countOpen } from './testing-ends.ts'

let openBefore = 0
beforeEach(() => {
  openBefore = countOpen()
})
// Of tests that run at once nobody can say who opened what; theirs is closed with the file.
afterEach(({ task }) => (task.concurrent ? undefined : closeDownTo(openBefore)))
afterAll(() => closeDownTo(0))

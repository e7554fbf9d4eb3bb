/** The command line: one file per command in cli/. */
import { createProgram, fail } from './cli/program.ts'

try {
  await createProgram().parseAsync(process.argv)
} catch (error) {
  fail(error)
}

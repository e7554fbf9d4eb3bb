/** The command line: one file per command in cli/. */
import './resolve-once.ts'

// Only afterwards: what is imported statically is resolved before anything runs.
const { createProgram, fail } = await import('./cli/program.ts')
try {
  await createProgram().parseAsync(process.argv)
} catch (error) {
  fail(error)
}

/** The command line: one file per command in cli/. */
import './resolve-once.ts'

/** Time for the last lines to reach a slow reader. */
const lingerMs = 5_000

// Only afterwards: what is imported statically is resolved before anything runs.
const { createProgram, fail } = await import('./cli/program.ts')
try {
  await createProgram().parseAsync(process.argv)
} catch (error) {
  fail(error)
  // What a failed command may have left open is not worth waiting for; what it prints is.
  setTimeout(() => process.exit(), lingerMs).unref()
}

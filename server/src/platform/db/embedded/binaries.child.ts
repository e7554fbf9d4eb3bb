/** A process for tests: links libraries as a user who may not write everywhere, and prints what that adds. */
import process from 'node:process'
import { linkLibraries } from './binaries.ts'

/** `nobody`, wherever there is one; a number needs no entry in any list of users. */
const powerless = 65_534

const [native = '', elsewhere = ''] = process.argv.slice(2)
// Only now: what is imported may lie where only root can read.
if (process.geteuid?.() === 0) {
  process.setegid?.(powerless)
  process.seteuid?.(powerless)
}
process.stdout.write(JSON.stringify(await linkLibraries(native, elsewhere)))

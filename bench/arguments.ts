/** What may be asked of the benchmark on its command line. */
import { parseArgs } from 'node:util'

/** Asked over HTTP. */
export const callNames = ['whoami', 'read', 'list', 'create', 'signin', 'intake'] as const
/** Written by a process beside the server. */
export const postingNames = ['posting', 'posting-hot'] as const
export type CallName = (typeof callNames)[number]
export type PostingName = (typeof postingNames)[number]
export const workloadNames = [...callNames, ...postingNames] as const
export type WorkloadName = CallName | PostingName

export type Arguments = {
  readonly isHelp: boolean
  /** One JSON object per workload and line instead of a table. */
  readonly isJson: boolean
  readonly workloads: readonly WorkloadName[]
  /** Pairs of measurements per workload; the result is their median. */
  readonly rounds: number
  /** How long one measurement lasts. */
  readonly seconds: number
  readonly connections: number
  /** Where the server under test writes a CPU profile; null for none. */
  readonly profileDir: string | null
  /** Bare names its statements too, so that PostgreSQL parses and plans them once per connection. */
  readonly isBarePrepared: boolean
}

export const usage = `npm run bench [-- OPTIONS]

Compares Ashlar with a bare node:http + pg server doing the same work on the same PostgreSQL.

  --json               one JSON object per workload and line
  --only NAME          only this workload: ${workloadNames.join(', ')}; may be repeated
  --rounds N           pairs of measurements per workload (default 5)
  --seconds N          length of one measurement (default 3)
  --connections N      connections that ask at once (default 32)
  --bare-prepared      let bare use named statements too: a stricter yardstick
  --cpu-prof DIR       write a CPU profile of Ashlar there; the figures are lower then
  --help               this text`

/** @throws Error that says what is wrong with the command line */
export function parseArguments(given: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...given],
    options: {
      json: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '3' },
      connections: { type: 'string', default: '32' },
      'bare-prepared': { type: 'boolean', default: false },
      'cpu-prof': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  return {
    isHelp: values.help,
    isJson: values.json,
    workloads: values.only.length === 0 ? workloadNames : values.only.map(workloadName),
    rounds: wholeNumber('rounds', values.rounds, 50),
    seconds: wholeNumber('seconds', values.seconds, 60),
    connections: wholeNumber('connections', values.connections, 512),
    profileDir: values['cpu-prof'] ?? null,
    isBarePrepared: values['bare-prepared'],
  }
}

function workloadName(given: string): WorkloadName {
  const found = workloadNames.find((name) => name === given)
  if (!found)
    throw new Error(`there is no workload "${given}"; there are ${workloadNames.join(', ')}`)
  return found
}

function wholeNumber(option: string, given: string, most: number): number {
  const number = Number(given)
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw new Error(`--${option} takes a whole number from 1 to ${most}, not "${given}"`)
  return number
}

/** Seed after seed on one ground: played, judged, and told in one line that is enough to play it again. */
import type { Location } from '../../server/src/app/database.ts'
import { type Played, play } from './play.ts'
import { disorderOf, scenarioOf } from './scenario.ts'
import { openGround } from './trial.ts'

export type SeedsOptions = {
  readonly location: Location
  readonly seeds: readonly number[]
  readonly orders: number
  readonly isVerbose: boolean
  readonly say: (line: string) => void
}

/** True when every seed ended well. One that did not spoils the database for those behind it, so it is the last. */
export async function runSeeds(options: SeedsOptions): Promise<boolean> {
  const { seeds, say } = options
  const ground = await openGround(options.location)
  try {
    for (const seed of seeds) {
      const problems = await runSeed(seed)
      if (problems.length === 0) continue
      for (const problem of problems) say(`  ${problem}`)
      say(`seed ${seed} failed; again: npm run chaos -- --seed ${seed}`)
      return false
    }
    say(`${seeds.length} seeds ended well`)
    return true
  } finally {
    await ground.close()
  }

  async function runSeed(seed: number): Promise<string[]> {
    const started = performance.now()
    const scenario = scenarioOf(seed)
    const played: Played[] = []
    try {
      for (let turn = 0; turn < options.orders; turn += 1) {
        const disorder = disorderOf(scenario, turn)
        played.push(await play(ground, scenario, disorder))
      }
    } catch (error) {
      tell()
      return [error instanceof Error ? (error.stack ?? error.message) : String(error)]
    }
    tell()
    const [first] = played
    const differing = played.filter(({ digest }) => digest !== first?.digest)
    return [
      ...played.flatMap(({ problems }) => problems),
      ...(differing.length === 0
        ? []
        : [
            'the same scenario ended differently:',
            ...played.flatMap(({ ends }) => ['-', ...ends]),
          ]),
    ]

    function tell(): void {
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      const digests = [...new Set(played.map(({ digest }) => digest))].join(' ≠ ')
      const plans = played.map(({ plans: told }) => told.join(' + '))
      const { length } = scenario.purchases
      say(`seed ${seed}  ${digests}  ${length} purchases  ${seconds} s  ${plans.join(', ')}`)
      if (options.isVerbose)
        for (const { ends } of played) for (const line of ends) say(`  ${line}`)
    }
  }
}

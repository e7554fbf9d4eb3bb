/** In which order test files begin, so that no core waits for another: what works in processes of its own is spread over the run. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Whole products in a browser or a shell, and workers that are waited for. */
const heavy = /\/(e2e\/|platform\/jobs\/(postgres|redis)\.test)/
/** So many others for each of them: the last of these ends well before the run does. */
const othersEach = 6

export class Spread extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isHeavy = ({ moduleId }: TestSpecification) => heavy.test(moduleId)
    const large = sorted.filter(isHeavy)
    const others = sorted.filter((file) => !isHeavy(file))
    const spread = large.flatMap((file, index) => [
      file,
      ...others.slice(index * othersEach, (index + 1) * othersEach),
    ])
    return [...spread, ...others.slice(large.length * othersEach)]
  }
}

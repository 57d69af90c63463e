import type { Shows } from './shrink.js'
import type { Step } from './steps.js'

/** Most plans that are tried for shorter waits. */
const MOST_TRIED = 100

/** The plan with each time of it as short as still shows something, where a longer one shows it too. */
export async function leastWaits(steps: readonly Step[], shows: Shows): Promise<readonly Step[]> {
  let best = steps
  let tried = 0
  for (let index = 0; index < best.length; index++) {
    let least = 0
    // What shows it is made shorter until one millisecond less shows nothing.
    for (let ms = msOf(best[index]); ms - least > 1; ms = msOf(best[index])) {
      if (++tried > MOST_TRIED) return best
      const half = (least + ms) >> 1
      // Half of a time is some of it, and its step has a time.
      const shown = await shows(best.with(index, { ...best[index], ms: half } as Step))
      if (shown === undefined) least = half
      else best = shown
    }
  }
  return best
}

const msOf = (step: Step | undefined) => (step !== undefined && 'ms' in step ? step.ms : 0)

import type { Step } from './steps.js'

/** Most plans that are tried for a shorter one. */
const MOST_TRIED = 500

/**
 * A plan of which no step can be left out or made plainer, and no time made shorter, without its showing nothing any more.
 * @param shows the plan as far as it is needed to show something; undefined: it shows nothing
 */
export async function shrink(
  steps: readonly Step[],
  shows: (steps: readonly Step[]) => Promise<readonly Step[] | undefined>,
): Promise<readonly Step[]> {
  let best = steps
  let tried = 0
  for (let again = true; again && tried < MOST_TRIED; ) {
    again = false
    for (const candidate of simpler(best)) {
      if (++tried > MOST_TRIED) break
      const shown = await shows(candidate)
      if (shown === undefined) continue
      best = shown
      again = true
      break
    }
  }
  return best
}

/** Plans that are a little simpler, those that are much simpler first. */
function* simpler(steps: readonly Step[]): Generator<readonly Step[]> {
  for (let size = steps.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from + size <= steps.length; from += size) {
      yield [...steps.slice(0, from), ...steps.slice(from + size)]
    }
  }
  for (const [index, step] of steps.entries()) {
    for (const simple of simplerSteps(step)) yield steps.with(index, simple)
  }
}

/** What an interruption is beside what is odd in it. */
const PLAINER: Readonly<Partial<Record<Step['do'], 'pause' | 'kill'>>> = {
  overlap: 'pause',
  frozen: 'pause',
  clockBack: 'kill',
  stop: 'kill',
}

function* simplerSteps(step: Step): Generator<Step> {
  if ('event' in step && step.do !== 'send') yield { do: 'send', event: step.event }
  const plainer = PLAINER[step.do]
  if (plainer !== undefined) yield { do: plainer }
  if (step.do === 'clockStands') yield { do: 'advance', ms: step.ms }
  if ('ms' in step && step.ms > 1) yield { ...step, ms: step.ms >> 1 }
}

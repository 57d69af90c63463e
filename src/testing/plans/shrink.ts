import { leastWaits } from './least-waits.js'
import { INTERRUPTION_KINDS, type InterruptionKind, isDueStep, type Step } from './steps.js'

/** Most plans that are tried for a shorter one. */
const MOST_TRIED = 500

/** The plan as far as it is needed to show something; undefined: it shows nothing. */
export type Shows = (steps: readonly Step[]) => Promise<readonly Step[] | undefined>

/**
 * A plan of which no step can be left out or made plainer, and no time made shorter, without its showing nothing any more.
 * @param kinds of the interruptions that may come in the place of others
 */
export async function shrink(
  steps: readonly Step[],
  shows: Shows,
  kinds: readonly InterruptionKind[] = INTERRUPTION_KINDS,
): Promise<readonly Step[]> {
  let best = steps
  let tried = 0
  for (let again = true; again && tried < MOST_TRIED; ) {
    again = false
    for (const candidate of simpler(best, kinds)) {
      if (++tried > MOST_TRIED) break
      const shown = await shows(candidate)
      if (shown === undefined) continue
      best = shown
      again = true
      break
    }
  }
  return leastWaits(best, shows)
}

/** Plans that are a little simpler, those that are much simpler first. */
function* simpler(steps: readonly Step[], kinds: readonly InterruptionKind[]): Generator<readonly Step[]> {
  for (let size = steps.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from + size <= steps.length; from += size) {
      yield [...steps.slice(0, from), ...steps.slice(from + size)]
    }
  }
  for (const [index, step] of steps.entries()) {
    if (step.do === 'advance') yield* waitedLater(steps, index, step.ms)
    for (const simple of simplerSteps(step, kinds)) yield steps.with(index, simple)
  }
}

/** The same without that wait, and the next one so much longer. */
function* waitedLater(steps: readonly Step[], index: number, ms: number): Generator<readonly Step[]> {
  const later = steps.findIndex((step, at) => at > index && (step.do === 'advance' || isDueStep(step)))
  const next = steps[later]
  if (next === undefined || !('ms' in next)) return
  yield steps.with(later, { ...next, ms: next.ms + ms }).toSpliced(index, 1)
}

/** What an interruption is beside what is odd in it. */
const PLAINER: Readonly<Partial<Record<Step['do'], 'pause' | 'kill'>>> = {
  overlap: 'pause',
  frozen: 'pause',
  clockBack: 'kill',
  stop: 'kill',
}

function* simplerSteps(step: Step, kinds: readonly InterruptionKind[]): Generator<Step> {
  if ('event' in step && step.do !== 'send') yield { do: 'send', event: step.event }
  const plainer = PLAINER[step.do]
  if (plainer !== undefined && kinds.includes(plainer)) yield { do: plainer }
  if (step.do === 'clockStands' || isDueStep(step)) yield { do: 'advance', ms: step.ms }
  if ('ms' in step && step.ms > 1) yield { ...step, ms: step.ms >> 1 }
}

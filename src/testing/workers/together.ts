import type { Counts, Tally } from '../report/tally.js'
import type { SearchElsewhere } from '../try-plans.js'
import { blockOf } from './blocks.js'
import type { Told } from './messages.js'

/** What comes of a search that several workers share. */
export type Result = Awaited<ReturnType<SearchElsewhere>>

/**
 * Takes what so many workers tell, in whatever order, and counts it in the order of the plans.
 * @param onPlan hears of each plan that was run
 * @param resolve hears what came of it, as soon as that is known
 */
export function together(
  workers: number,
  tally: Tally,
  onPlan: () => void,
  resolve: (result: Result) => void,
): (told: Exclude<Told, { readonly tells: 'refusal' }>) => void {
  /** Blocks that came before one that is still under way. */
  const early = new Map<number, Counts>()
  let working = workers
  let counted = 0
  let stoppedAt = Number.POSITIVE_INFINITY
  return (told) => {
    if (told.tells === 'block') {
      early.set(told.block, told.counts)
      for (let plan = 0; plan < told.counts.plans; plan++) onPlan()
    } else if (told.tells === 'shown') stoppedAt = Math.min(stoppedAt, told.plan)
    else working--
    for (let counts = early.get(counted); counts !== undefined; counts = early.get(counted)) {
      tally.add(counts)
      early.delete(counted++)
    }
    // What comes before it may show something too.
    if (counted >= blockOf(stoppedAt)) resolve({ stoppedAt })
    else if (told.tells === 'end' && working === 0) resolve({ searched: told.searched })
  }
}

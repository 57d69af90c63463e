import { WorkerLostError } from '../../errors/testing.js'
import type { Counts, Tally } from '../report/tally.js'
import type { SearchElsewhere } from '../verify.js'
import { blockOf } from './blocks.js'
import type { Assignment, Told } from './messages.js'
import { Thread } from './thread.js'

/** What a search is made of, and by how many. */
export interface Work {
  readonly service: string
  readonly assignment: Pick<Assignment, 'place' | 'given'>
  readonly workers: number
  readonly onPlan?: (() => void) | undefined
  /** How often it is looked whether they go on, in milliseconds. Default 1,000. */
  readonly lookMs?: number
}

type Result = Awaited<ReturnType<SearchElsewhere>>

/**
 * Has several threads make one search, each its share of it, and counts what they tell in the order of the plans.
 * @throws {WorkerLostError} one of them cannot begin, has died, or hangs
 */
export async function searchTogether(work: Work, tally: Tally): Promise<Result> {
  const shared = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * (1 + work.workers)))
  const threads: Thread[] = []
  try {
    return await new Promise<Result>((resolve, reject) => {
      const hears = together(work, tally, resolve)
      const { service } = work
      const died = (reason: string, cause?: unknown) =>
        reject(new WorkerLostError(reason, false, { service, cause }))
      const hangs = () =>
        reject(new WorkerLostError('hangs: something in the machine does not end', true, { service }))
      const told = (one: Told) => {
        if (one.tells === 'refusal') died(`cannot begin: ${one.message}`)
        else hears(one)
      }
      for (let beat = 1; beat <= work.workers; beat++) {
        threads.push(new Thread({ ...work.assignment, shared, beat }, { told, died, hangs }, work.lookMs))
      }
    })
  } finally {
    await Promise.all(threads.map((thread) => thread.end()))
  }
}

/** Takes what workers tell, until it is known what comes of it. */
function together(
  { workers, onPlan = () => {} }: Work,
  tally: Tally,
  resolve: (result: Result) => void,
): (told: Exclude<Told, { tells: 'refusal' }>) => void {
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

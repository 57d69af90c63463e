import { WorkerLostError } from '../../errors/testing.js'
import type { Tally } from '../report/tally.js'
import type { Assignment, Told } from './messages.js'
import { Thread } from './thread.js'
import { type Result, together } from './together.js'

/** What a search is made of, and by how many. */
export interface Work {
  readonly service: string
  readonly assignment: Pick<Assignment, 'place' | 'given'>
  readonly workers: number
  readonly onPlan?: (() => void) | undefined
  /** How often it is looked whether they go on, in milliseconds. Default 1,000. */
  readonly lookMs?: number
}

/**
 * Has several threads make one search, each its share of it, and counts what they tell in the order of the plans.
 * @throws {WorkerLostError} one of them cannot begin, has died, or hangs
 */
export async function searchTogether(work: Work, tally: Tally): Promise<Result> {
  const shared = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * (1 + work.workers)))
  const threads: Thread[] = []
  try {
    return await new Promise<Result>((resolve, reject) => {
      const { service, workers, onPlan = () => {} } = work
      const hears = together(workers, tally, onPlan, resolve)
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

// A thread that makes the search of a verification as all others do, and runs its share of the plans.
import { parentPort, workerData } from 'node:worker_threads'
import { reasonOf } from '../../errors/text-of.js'
import { prepared } from '../prepared.js'
import { Matrix } from '../report/matrix.js'
import { Tally } from '../report/tally.js'
import { Run } from '../run.js'
import { search } from '../search.js'
import { withWorld } from '../subject-world.js'
import { Blocks } from './blocks.js'
import type { Assignment, Told } from './messages.js'

// Made by who has begun this thread.
const { place, given, shared, beat } = workerData as Assignment
const tell = (told: Told): void => parentPort?.postMessage(told)

try {
  await withWorld(place, given, async (world, options) => {
    const lively = { ...world, onWorld: () => void Atomics.add(shared, beat, 1) }
    const { twins, source } = prepared(lively, options)
    const fresh = () => new Tally(new Matrix(source.kinds, source.types), world.standIn.met)
    let tally = fresh()
    const blocks = new Blocks(
      () => Atomics.add(shared, 0, 1),
      (block) => {
        tell({ tells: 'block', block, counts: tally.counts })
        tally = fresh()
      },
    )
    const run = new Run(lively, twins, record, undefined, blocks)
    const tellShown = () => tell({ tells: 'shown', plan: run.stoppedAt ?? run.come })
    function record(...[plan, outcome]: Parameters<Tally['record']>): void {
      tally.record(plan, outcome)
      // At once: what is done for a smaller one is done elsewhere too.
      if (outcome.difference !== undefined) tellShown()
    }
    try {
      const searched = await search(run, source, options)
      blocks.end(run.come)
      tell({ tells: 'end', searched })
    } catch {
      // Where no plan has thrown it, all that came are over.
      if (run.stoppedAt === undefined) blocks.end(run.come)
      // It is thrown again where the same plan is run again.
      tellShown()
    }
  })
} catch (error) {
  tell({ tells: 'refusal', message: reasonOf(error) })
}

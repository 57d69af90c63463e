import { appendFile } from 'node:fs/promises'
import { type TaskScope, task } from 'tardigrade'
import type { TransferPlan } from './input.js'
import type { TransferJob } from './measure.js'
import { Pace } from './pace.js'
import { Source } from './source.js'
import { openTarget } from './target.js'

export interface CopyInput {
  readonly plan: TransferPlan
  readonly job: TransferJob
  /** What an earlier attempt has copied. */
  readonly bytesDone: number
}

/**
 * Copies chunk by chunk. Its progress is the number of bytes that are safe at the target: it is set after the
 * target made them durable, so a crash repeats the chunk in flight and no other.
 */
export const copy = task(
  async ({ input, progress, signal, interruption }: TaskScope<CopyInput, number>): Promise<void> => {
    const { plan, job } = input
    const { place, facts } = job
    const pace = new Pace(plan.bytesPerSecond)
    await using source = await Source.open(plan.from, facts, plan.chunkSize)
    await using target = await openTarget(plan, place, facts, signal)
    const known = progress.value ?? input.bytesDone
    let at = await target.held(known)
    if (at !== known) await progress.set(at)
    while (at < facts.size) {
      const chunk = await source.read(at)
      await note(plan.journal, at, chunk.length)
      at = await target.write(at, chunk)
      await progress.set(at)
      await pace.spend(chunk.length, interruption)
    }
  },
)

/** Before the chunk is written, so that what was begun and cut off is counted too. */
async function note(journal: string | undefined, at: number, length: number): Promise<void> {
  if (journal !== undefined) await appendFile(journal, `${process.pid} ${at} ${length}\n`)
}

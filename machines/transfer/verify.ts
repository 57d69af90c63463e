import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type TaskScope, task } from 'tardigrade'
import { partOf, publish } from './file-target.js'
import { HttpTarget } from './http-target.js'
import { isHttp, type TransferPlan } from './input.js'
import type { TransferJob } from './measure.js'
import { TransferError } from './problem.js'
import { checkSource } from './source.js'

export interface VerifyInput {
  readonly plan: TransferPlan
  readonly job: TransferJob
}

/**
 * Reads source and target from end to end, compares their SHA-256, and gives the copy its name.
 *
 * Hashing while copying would not do: the state of a running SHA-256 cannot be kept in a checkpoint, a list
 * of chunk hashes makes every checkpoint grow with the file, and both would hash what was in memory, not what
 * is at the target. This reads twice, gives the number that `sha256sum` gives, and each half is a step of its
 * own; an interruption repeats the half under way.
 */
export const verify = task(
  async ({ input, step, signal, interruption }: TaskScope<VerifyInput>): Promise<string> => {
    const { plan, job } = input
    const { place, facts } = job
    // The step that this cuts off runs again later.
    const goOn = () => interruption.throwIfAborted()
    const ofSource = await step('hash the source', async () => {
      const hash = await sha256(plan.from, goOn)
      await checkSource(plan.from, facts)
      return hash
    })
    const ofTarget = await step('hash the target', async () => {
      if (!isHttp(place)) return sha256(partOf(place), goOn)
      await using target = new HttpTarget(plan, place, facts.size, signal)
      return await target.sha256(goOn)
    })
    if (ofTarget !== ofSource) {
      throw new TransferError('mismatch', `The copy’s SHA-256 is ${ofTarget}, the source’s ${ofSource}.`)
    }
    if (!isHttp(place)) await step('publish', () => publish(place, facts.size))
    return ofSource
  },
)

async function sha256(path: string, goOn: () => void): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    hash.update(piece)
    goOn()
  }
  return hash.digest('hex')
}

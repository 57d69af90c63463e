import { access, constants } from 'node:fs/promises'
import { dirname } from 'node:path'
import { checkPlace } from './file-target.js'
import { isHttp, planOf, type TransferInput } from './input.js'
import { placeOf } from './measure.js'
import { type Problem, problemOf } from './problem.js'
import { factsOf } from './source.js'

/**
 * What would keep a transfer from beginning, as far as the two places tell; undefined when nothing does. It asks no
 * server, and whether there is room the transfer itself finds out.
 *
 * @example
 * ```ts
 * const problem = await checkTransfer({ from: 'disk.img', to: '/mnt/backup/' })
 * if (problem !== undefined) console.error(problem.message)
 * ```
 */
export async function checkTransfer(input: TransferInput): Promise<Problem | undefined> {
  try {
    const plan = planOf(input)
    await factsOf(plan.from)
    await access(plan.from, constants.R_OK)
    const place = await placeOf(plan)
    if (!isHttp(place)) {
      await checkPlace(place)
      await access(dirname(place), constants.W_OK)
    }
    return undefined
  } catch (error) {
    return problemOf(error)
  }
}

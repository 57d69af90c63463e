import { stat, statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type TaskScope, task } from 'tardigrade'
import { isHttp, namesFolder, schemeOf, type TransferPlan } from './input.js'
import { TransferError } from './problem.js'
import { checkSource, factsOf, isMissing, type SourceFacts } from './source.js'

/** What is to be done, once it is known. */
export interface TransferJob {
  /** The file's own full path, or the address. */
  readonly place: string
  readonly facts: SourceFacts
}

/** Finds out what there is to do, or checks that it is still the same. */
export const measure = task(
  async ({ input, step }: TaskScope<{ plan: TransferPlan; known: TransferJob | undefined }>) => {
    const { plan, known } = input
    if (known !== undefined) {
      await checkSource(plan.from, known.facts)
      return known
    }
    return step('measure', async (): Promise<TransferJob> => {
      const facts = await factsOf(plan.from)
      const place = await placeOf(plan)
      if (!isHttp(place)) await checkRoom(place, facts.size)
      return { place, facts }
    })
  },
)

/**
 * The copy's own full path, or its address.
 * @throws {TransferError} `refused`, `target-missing`: there can be no copy
 */
export async function placeOf({ from, to }: TransferPlan): Promise<string> {
  const name = basename(from)
  if (isHttp(to)) {
    if (!URL.canParse(to)) throw new TransferError('refused', `${to} is no address.`)
    return to.endsWith('/') ? to + encodeURIComponent(name) : to
  }
  const scheme = schemeOf(to)
  if (scheme !== undefined) {
    const problem = `A transfer goes to paths and to http:// and https:// addresses, not to ${scheme}:// ones.`
    throw new TransferError('refused', problem)
  }
  const target = await statOf(to)
  const place = target?.isDirectory() === true || namesFolder(to) ? join(to, name) : to
  if ((await statOf(place))?.isDirectory() === true) {
    throw new TransferError('refused', `${place} is a folder, and the copy would have its name.`)
  }
  if ((await statOf(dirname(place)))?.isDirectory() !== true) {
    throw new TransferError('target-missing', `There is no folder ${dirname(place)}.`)
  }
  if (await isSame(from, place)) throw new TransferError('refused', `${from} and ${place} are the same file.`)
  return place
}

/** It may get full all the same; then the chunk that finds no room says so. */
async function checkRoom(place: string, size: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(place))
  const freeBytes = bavail * bsize
  if (freeBytes >= size) return
  const problem = `${place} needs ${size} bytes, and ${freeBytes} are free.`
  throw new TransferError('no-space', problem)
}

async function isSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([statOf(one), statOf(other)])
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev
}

async function statOf(path: string) {
  try {
    // 64 bits: on Windows a file's number does not fit into a double.
    return await stat(path, { bigint: true })
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

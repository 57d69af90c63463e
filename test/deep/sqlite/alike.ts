import type { Random } from '../../crash/random.js'
import { type Frame, Log, SECTOR } from './frames.js'
import { changed, everyChoice } from './sectors.js'

/** Choices of what was not synced that SQLite reads alike. */
export interface Alike {
  /** How many of all 2 ** n these are. */
  readonly choices: bigint
  /** Of each of them, the sectors that are there. */
  includes(there: readonly number[]): boolean
  /** Those of them that differ most. */
  some(random: Random): Iterable<readonly number[]>
}

/** Up to so many sectors of a frame, each choice of them is among those that are opened. */
const FEW = 3

/** Beyond that, so many by chance. */
const BY_CHANCE = 2

/**
 * Every choice of the sectors of a log that were not synced, in classes. SQLite reads the log up to the first frame whose checksum does not
 * fit: behind a frame of which some sector is missing, all choices are one to it. That no other choice of that frame's sectors has
 * a checksum that fits is tried, one by one.
 * @throws {Error} one has
 */
export function* alikeLogs(before: Buffer, after: Buffer): Generator<Alike> {
  const log = new Log(after)
  let open: readonly number[] = changed(before, after)
  const whole: number[] = []
  for (const frame of log.frames) {
    const needed = open.filter((sector) => differs(before, after, sector, frame))
    if (needed.length === 0) continue
    const ways = log.waysToFit(frame, before, needed)
    if (ways !== 1) throw new Error(`${ways} choices of a frame’s sectors have the right checksum`)
    const rest = open.filter((sector) => !needed.includes(sector))
    yield broken([...whole], needed, rest)
    whole.push(...needed)
    open = rest
  }
  const [there, rest] = [[...whole], open]
  yield {
    choices: 2n ** BigInt(rest.length),
    includes: (choice) => there.every((sector) => choice.includes(sector)),
    some: () => [there, [...there, ...rest]],
  }
}

/** What is there of one of the frames is not all of it. */
function broken(whole: readonly number[], needed: readonly number[], rest: readonly number[]): Alike {
  return {
    choices: (2n ** BigInt(needed.length) - 1n) * 2n ** BigInt(rest.length),
    includes: (choice) =>
      whole.every((sector) => choice.includes(sector)) && !needed.every((sector) => choice.includes(sector)),
    *some(random) {
      for (const left of partsOf(needed, random)) {
        // A file may end there, or go on with all that was written behind it.
        yield [...whole, ...left]
        yield [...whole, ...left, ...rest]
      }
    },
  }
}

/** Choices that are not all of them: every one, where they are few. */
function* partsOf(sectors: readonly number[], random: Random): Generator<readonly number[]> {
  if (sectors.length <= FEW) {
    for (const choice of everyChoice(sectors)) if (choice.length < sectors.length) yield choice
    return
  }
  for (let end = 0; end < sectors.length; end++) yield sectors.slice(0, end)
  // That without the last was the last of those.
  for (let hole = 0; hole < sectors.length - 1; hole++) yield sectors.toSpliced(hole, 1)
  for (let way = 0; way < BY_CHANCE; way++) {
    const without = random.below(sectors.length)
    yield sectors.filter((_, at) => at !== without && random.below(2) === 0)
  }
}

/**
 * Whether a frame is another where this sector is as it was before. A sector of zeros beyond the end of the file is not: it is read as
 * zeros where anything behind it is there, and `some` tries the end of the file without it and with it.
 */
function differs(before: Buffer, after: Buffer, sector: number, frame: Frame): boolean {
  const from = Math.max(sector * SECTOR, frame.from)
  const to = Math.min((sector + 1) * SECTOR, frame.to)
  for (let at = from; at < to; at++) if ((before[at] ?? 0) !== after[at]) return true
  return false
}

/**
 * Every choice of the sectors of a database into which its log was written back: all are one to SQLite, which reads each page that its log
 * holds from there.
 * @throws {Error} a page was written that the log does not hold
 */
export function alikeDatabases(before: Buffer, after: Buffer, log: Buffer): Alike {
  const sectors = changed(before, after)
  const { pages } = new Log(log)
  const pageSize = log.readUInt32BE(8)
  for (const sector of sectors) {
    for (let at = sector * SECTOR; at < (sector + 1) * SECTOR; at += Math.min(pageSize, SECTOR)) {
      const page = Math.floor(at / pageSize) + 1
      if (!pages.has(page)) throw new Error(`page ${page} was written back, and is not in the log`)
    }
  }
  return {
    choices: 2n ** BigInt(sectors.length),
    includes: () => true,
    *some(random) {
      yield* partsOf(sectors, random)
      yield sectors
    },
  }
}

/** Every choice of sectors that nobody reads. */
export function unread(sectors: readonly number[]): Alike {
  return { choices: 2n ** BigInt(sectors.length), includes: () => true, some: () => [[], sectors] }
}

/** Every choice of a few sectors, each in a class of its own. */
export function* eachAlone(sectors: readonly number[]): Generator<Alike> {
  for (const choice of everyChoice(sectors)) {
    const includes = (there: readonly number[]) => there.join() === choice.join()
    yield { choices: 1n, includes, some: () => [choice] }
  }
}

import type { Random } from '../../crash/random.js'

/** What a disk writes whole or not at all. */
const SECTOR = 512

/** Ways of one kind that are tried for one write; where there are more, so many of them by chance. */
const MOST_WAYS = 40

/** Where the two differ, in sectors. */
function changed(before: Buffer, after: Buffer): readonly number[] {
  const found: number[] = []
  for (let at = 0; at < after.length; at += SECTOR) {
    const end = Math.min(at + SECTOR, after.length)
    if (end > before.length || !after.subarray(at, end).equals(before.subarray(at, end)))
      found.push(at / SECTOR)
  }
  return found
}

/** `before`, with these sectors as they are in `after`; sectors beyond its end that are not there are zeros. */
function mixed(before: Buffer, after: Buffer, sectors: readonly number[]): Buffer {
  const last = sectors.length === 0 ? 0 : Math.max(...sectors)
  const result = Buffer.alloc(Math.max(before.length, Math.min((last + 1) * SECTOR, after.length)))
  before.copy(result)
  for (const sector of sectors) after.copy(result, sector * SECTOR, sector * SECTOR, (sector + 1) * SECTOR)
  return result
}

/**
 * What a power cut may leave of a file between two syncs: its writes in order up to some sector; all of them but one;
 * any sectors at all.
 */
export function* tornFiles(before: Buffer, after: Buffer, random: Random): Generator<Buffer> {
  const sectors = changed(before, after)
  const some = (count: number) =>
    count <= MOST_WAYS
      ? Array.from({ length: count }, (_, index) => index)
      : Array.from({ length: MOST_WAYS }, () => random.below(count))
  for (const end of some(sectors.length + 1)) yield mixed(before, after, sectors.slice(0, end))
  for (const hole of some(sectors.length)) yield mixed(before, after, sectors.toSpliced(hole, 1))
  for (let way = 0; way < Math.min(sectors.length, MOST_WAYS / 2); way++)
    yield mixed(
      before,
      after,
      sectors.filter(() => random.below(2) === 0),
    )
}

/** More of them would be more than 4,096 files. */
const MOST_SECTORS = 12

/** The same with every choice of sectors, and nothing drawn; undefined where that would be too many. */
export function everyTornFile(before: Buffer, after: Buffer): Iterable<Buffer> | undefined {
  const sectors = changed(before, after)
  return sectors.length > MOST_SECTORS ? undefined : choices(before, after, sectors)
}

function* choices(before: Buffer, after: Buffer, sectors: readonly number[]): Generator<Buffer> {
  for (let choice = 0; choice < 2 ** sectors.length; choice++)
    yield mixed(
      before,
      after,
      sectors.filter((_, index) => (choice >> index) % 2 === 1),
    )
}

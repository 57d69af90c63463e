import { SECTOR } from './frames.js'

/** Where the two differ, in sectors: also where the later one is longer. */
export function changed(before: Buffer, after: Buffer): readonly number[] {
  const found: number[] = []
  for (let at = 0; at < after.length; at += SECTOR) {
    const end = Math.min(at + SECTOR, after.length)
    if (end > before.length || !after.subarray(at, end).equals(before.subarray(at, end)))
      found.push(at / SECTOR)
  }
  return found
}

/** `before`, with these sectors as they are in `after`; sectors beyond its end that are not there are zeros. */
export function mixed(before: Buffer, after: Buffer, sectors: readonly number[]): Buffer {
  const last = Math.max(-1, ...sectors)
  const result = Buffer.alloc(Math.max(before.length, Math.min((last + 1) * SECTOR, after.length)))
  before.copy(result)
  for (const sector of sectors) after.copy(result, sector * SECTOR, sector * SECTOR, (sector + 1) * SECTOR)
  return result
}

/** Every choice of them. */
export function* everyChoice(sectors: readonly number[]): Generator<readonly number[]> {
  for (let choice = 0; choice < 2 ** sectors.length; choice++)
    yield sectors.filter((_, index) => (choice >> index) % 2 === 1)
}

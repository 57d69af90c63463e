import { createHash } from 'node:crypto'

const LONGEST_SLUG = 40

/**
 * The folder name of a key: something to recognise it by, then 128 bits of its SHA-256.
 *
 * One rule for all keys, however hostile: only a-z, 0-9 and dashes, so no disk folds, reserves or normalises it,
 * it leads nowhere else, and two keys never share one. The key itself stands in each file's header.
 */
export function nameOf(key: string): string {
  const slug = key
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_SLUG)
  return `${slug}-${createHash('sha256').update(key, 'utf8').digest('hex').slice(0, 32)}`
}

/** A checkpoint's file, as its name tells. */
export interface FileEntry {
  readonly name: string
  readonly sequence: number
  readonly epoch: number
}

/** The file name of a checkpoint. */
export function fileNameOf(sequence: number, epoch: number): string {
  return `${sequence}-${epoch}.txt`
}

/** The checkpoints among a folder's files, newest first. */
export function entriesOf(names: readonly string[]): FileEntry[] {
  const entries = names.flatMap((name) => {
    const [, sequence, epoch] = /^(\d{1,16})-(\d{1,16})\.txt$/.exec(name) ?? []
    if (sequence === undefined || epoch === undefined) return []
    return [{ name, sequence: Number(sequence), epoch: Number(epoch) }]
  })
  entries.sort((a, b) => b.epoch - a.epoch || b.sequence - a.sequence)
  // What a fenced-off owner wrote after a newer one took over was acknowledged to nobody.
  let next = Number.POSITIVE_INFINITY
  return entries.filter(({ sequence }) => {
    if (sequence >= next) return false
    next = sequence
    return true
  })
}

import { fstatSync, writeSync } from 'node:fs'

/**
 * Makes SQLite's log longer, up to the next multiple of `room` bytes, and gives its size: what overwrites a file syncs half as fast again
 * as what makes it longer. The caller holds the database's write lock. SQLite reads a log up to the first frame whose checksum is
 * wrong (https://sqlite.org/fileformat2.html#the_write_ahead_log), as that of zeros is.
 */
export function makeRoom(descriptor: number, room: number): number {
  const { size } = fstatSync(descriptor)
  const end = Math.ceil((size + 1) / room) * room
  try {
    writeSync(descriptor, Buffer.alloc(end - size), 0, end - size, size)
  } catch {
    // A disk without that room may have enough for what is to be written, and else SQLite says so.
  }
  return end
}

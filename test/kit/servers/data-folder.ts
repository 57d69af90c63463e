import { chmodSync, chownSync, mkdtempSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Memory that looks like a disk, on Linux: servers that are killed lose nothing of it, and need not wait for a disk. */
const MEMORY = '/dev/shm'
/** What a server of the tests needs at most, in bytes. */
const ROOM = 512 * 1024 * 1024

/** Where a server has its data: in memory, if there is room, or on a disk that it waits for. */
export type Place = 'memory' | 'disk'

/** A fresh folder for the data of a server, which belongs to this user. */
export function dataFolder(server: string, user: number | undefined, place: Place): string {
  const folder = mkdtempSync(
    join(place === 'memory' && hasRoom() ? MEMORY : tmpdir(), `tardigrade-${server}-`),
  )
  chmodSync(folder, 0o700)
  if (user !== undefined) chownSync(folder, user, user)
  return folder
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize > ROOM
  } catch {
    return false
  }
}

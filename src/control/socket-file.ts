import { chmodSync, lstatSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { LONGEST_SOCKET_PATH, POINTER_FILE, readPointer, SOCKET_FILE } from './endpoint.js'

/** Prefix of the folders that a socket is made in. */
const NURSERY = 'control-'
const OUTSIDE = 'tardigrade-'

/** A socket file that is in its place; `remove` takes it away again, if it is still this one. */
export interface SocketFile {
  readonly path: string
  remove(): void
}

/**
 * Makes the socket in the store's folder, or, where a path there is too long or its disk takes no sockets, in
 * a folder of this user's own among the temporary files, with a pointer to it in the store's folder.
 *
 * The caller holds the store's lock: what an earlier owner has left here is nobody's, and is removed.
 *
 * @param bind makes a socket at the path
 */
export async function placeSocket(
  folder: string,
  bind: (path: string) => Promise<void>,
): Promise<SocketFile> {
  removeLeftovers(folder)
  if (Buffer.byteLength(join(folder, `${NURSERY}XXXXXX`, 's')) <= LONGEST_SOCKET_PATH) {
    try {
      return await placeInside(folder, bind)
    } catch {
      // Some disks take no sockets: network and virtual ones.
    }
  }
  return placeOutside(folder, bind)
}

/** Bound in a folder that nobody else may enter, so that at no instant anybody else could connect. */
async function placeInside(folder: string, bind: (path: string) => Promise<void>): Promise<SocketFile> {
  const nursery = mkdtempSync(join(folder, NURSERY))
  try {
    const born = join(nursery, 's')
    await bind(born)
    chmodSync(born, 0o600)
    const path = join(folder, SOCKET_FILE)
    renameSync(born, path)
    return removable(path)
  } finally {
    rmSync(nursery, { recursive: true, force: true })
  }
}

async function placeOutside(folder: string, bind: (path: string) => Promise<void>): Promise<SocketFile> {
  // mkdtemp makes folders for this user only.
  const outside = mkdtempSync(join(shortTemporaryFolder(), OUTSIDE))
  try {
    const path = join(outside, SOCKET_FILE)
    await bind(path)
    chmodSync(path, 0o600)
    const pointer = join(folder, POINTER_FILE)
    writeFileSync(pointer, `${path}\n`, { mode: 0o600, flag: 'wx' })
    const file = removable(pointer)
    const remove = () => {
      file.remove()
      rmSync(outside, { recursive: true, force: true })
    }
    return { path, remove }
  } catch (error) {
    rmSync(outside, { recursive: true, force: true })
    throw error
  }
}

/** A later owner may have put its own file in this place. */
function removable(path: string): SocketFile {
  const { ino, dev } = lstatSync(path)
  const remove = () => {
    const now = lstatSync(path, { throwIfNoEntry: false })
    if (now !== undefined && now.ino === ino && now.dev === dev) rmSync(path, { force: true })
  }
  return { path, remove }
}

function removeLeftovers(folder: string): void {
  const outside = readPointer(folder)
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (name === SOCKET_FILE || name === POINTER_FILE) rmSync(path, { force: true })
    else if (/^control-\w{6}$/.test(name)) rmSync(path, { recursive: true, force: true })
  }
  if (outside !== undefined && isOwnOutside(outside))
    rmSync(dirname(outside), { recursive: true, force: true })
}

/** A pointer is only a text: nothing but a folder that `placeOutside` made is removed for it. */
function isOwnOutside(path: string): boolean {
  const folder = dirname(path)
  if (basename(path) !== SOCKET_FILE || !/^tardigrade-\w{6}$/.test(basename(folder))) return false
  const stats = lstatSync(folder, { throwIfNoEntry: false })
  return stats?.isDirectory() === true && stats.uid === process.getuid?.()
}

function shortTemporaryFolder(): string {
  const path = join(tmpdir(), `${OUTSIDE}XXXXXX`, SOCKET_FILE)
  return Buffer.byteLength(path) <= LONGEST_SOCKET_PATH ? tmpdir() : '/tmp'
}

import { createHash } from 'node:crypto'
import { lstatSync, readFileSync, realpathSync, type Stats } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { ControlForbiddenError, OwnerUnreachableError } from './errors.js'

/** The socket inside the store's folder. */
export const SOCKET_FILE = 'control.sock'

/** Where the socket stands when it cannot stand in the store's folder. */
export const POINTER_FILE = 'control.path'

/** Longest path of a socket in bytes: 103 on macOS, 107 on Linux. */
export const LONGEST_SOCKET_PATH = 103

/** A named pipe's name on Windows, the same for every process that opens this folder. */
export function pipeName(folder: string): string {
  const id = createHash('sha256').update(realpathSync(folder).toLowerCase()).digest('hex').slice(0, 32)
  return `\\\\.\\pipe\\tardigrade-${id}`
}

/**
 * Where the owner of the store in this folder listens.
 * @throws {OwnerUnreachableError} nobody has left a socket there
 * @throws {ControlForbiddenError} the socket is another user's, or none
 */
export function findEndpoint(folder: string): string {
  const real = realFolder(folder)
  if (process.platform === 'win32') return pipeName(real)
  const path = join(real, SOCKET_FILE)
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return pointedEndpoint(real, folder)
  checkSocket(path, stats)
  return path
}

/** The path that the pointer file holds, or undefined when it holds none. */
export function readPointer(folder: string): string | undefined {
  try {
    const path = readFileSync(join(folder, POINTER_FILE), 'utf8').trim()
    return isAbsolute(path) && !path.includes('\n') ? path : undefined
  } catch {
    return undefined
  }
}

function pointedEndpoint(real: string, folder: string): string {
  const pointer = join(real, POINTER_FILE)
  const stats = lstatSync(pointer, { throwIfNoEntry: false })
  if (stats === undefined) throw new OwnerUnreachableError(folder, 'it has no control socket')
  checkOwner(pointer, stats)
  const path = readPointer(real)
  const target = path === undefined ? undefined : lstatSync(path, { throwIfNoEntry: false })
  if (path === undefined || target === undefined) {
    throw new OwnerUnreachableError(folder, 'its control socket is gone')
  }
  // Outside the store's folder, others could have put a socket of theirs in its place.
  const parent = lstatSync(dirname(path))
  checkOwner(dirname(path), parent)
  if ((parent.mode & 0o077) !== 0) throw new ControlForbiddenError(path, 'others may enter its folder')
  checkSocket(path, target)
  return path
}

function checkSocket(path: string, stats: Stats): void {
  if (!stats.isSocket()) throw new ControlForbiddenError(path, 'it is no socket')
  checkOwner(path, stats)
}

function checkOwner(path: string, stats: Stats): void {
  const user = process.getuid?.()
  if (user !== undefined && user !== 0 && stats.uid !== user) {
    throw new ControlForbiddenError(path, `it belongs to user ${stats.uid}, and this is user ${user}`)
  }
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder)
  } catch (cause) {
    throw new OwnerUnreachableError(folder, 'there is no such folder', undefined, { cause })
  }
}

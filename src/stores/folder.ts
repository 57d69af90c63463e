import { accessSync, constants, lstatSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreNotWritableError } from '../errors/store.js'
import { codesOf, storeError } from './failures.js'
import { syncFolder } from './sync.js'

/**
 * Makes the store's folder, for its owner only, or refuses one that somebody else could write.
 *
 * The folder itself may be a symbolic link, as for data on another disk, if this user or root made the link.
 * @throws {StoreNotWritableError}
 */
export function prepareFolder(folder: string): void {
  try {
    makeFolder(folder)
    checkFolder(folder)
  } catch (error) {
    throw storeError(folder, error)
  }
}

/**
 * Makes a folder and its parents, each durable in its own parent, for this user only.
 * @throws {StoreNotWritableError} a parent takes no folders, as those of /proc
 */
export function makeFolder(folder: string): void {
  if (isMade(folder)) return
  const parent = dirname(folder)
  if (parent !== folder) makeFolder(parent)
  if (!isMade(folder)) throw new StoreNotWritableError(folder, `no folder can be made in ${parent}`)
}

/** Makes one folder unless it is there; false where its parent is not. */
function isMade(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    const { code } = codesOf(error)
    if (code === 'EEXIST') return true
    if (code === 'ENOENT') return false
    throw error
  }
  syncFolder(dirname(folder))
  return true
}

/**
 * Refuses a file of the store that cannot be written, is a symbolic link or is no file; one that does not
 * exist is fine. It opens nothing.
 * @throws {StoreNotWritableError}
 */
export function checkFile(folder: string, path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return
  if (!stats.isFile()) throw new StoreNotWritableError(folder, `${path} is no plain file`)
  accessSync(path, constants.R_OK | constants.W_OK)
}

function checkFolder(folder: string): void {
  const refuse = (reason: string): never => {
    throw new StoreNotWritableError(folder, reason)
  }
  const target = statSync(folder)
  if (!target.isDirectory()) refuse('it is no folder')
  // Windows has neither user numbers nor permission bits; its folders inherit their owner's rights.
  const user = process.getuid?.()
  if (user !== undefined) {
    const link = lstatSync(folder)
    if (target.uid !== user) refuse(`the folder belongs to user ${target.uid}, and this is user ${user}`)
    if (link.uid !== user && link.uid !== 0) refuse(`the link to it belongs to user ${link.uid}`)
    if ((target.mode & 0o022) !== 0) refuse('other users can write to the folder; run chmod go-w on it')
  }
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
}

import { constants } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { lstat, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreNotWritableError } from '../errors/store.js'
import { codesOf } from './failures.js'

/** The folders inside a file store. */
export interface FilePlaces {
  readonly root: string
  readonly checkpoints: string
  readonly quarantine: string
  /** Files under way, in a folder of each owner's own; emptied at every claim. */
  readonly temporary: string
  readonly owner: string
}

/** Where everything stands under the store's folder. */
export function placesOf(root: string): FilePlaces {
  return {
    root,
    checkpoints: join(root, 'checkpoints'),
    quarantine: join(root, 'quarantine'),
    temporary: join(root, 'tmp'),
    owner: join(root, 'owner.json'),
  }
}

/** A path under `temporary` that nothing has. */
export function temporaryPath(places: FilePlaces): string {
  return join(places.temporary, randomBytes(12).toString('hex'))
}

/** Writes a new temporary file, durable but in no place yet, and gives its path. */
export async function writeTemporary(places: FilePlaces, content: string): Promise<string> {
  const path = temporaryPath(places)
  // Exclusive, so that no link is ever followed.
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await handle.close()
  }
  return path
}

/** Puts a file in its place, whole. The caller makes the folder durable. */
export async function writeWhole(places: FilePlaces, path: string, content: string): Promise<void> {
  const temporary = await writeTemporary(places, content)
  try {
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Makes a folder for this user only; true when it was not there. A link in its place is refused. */
export async function makeOwnFolder(root: string, path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 })
    return true
  } catch (error) {
    if (codesOf(error).code !== 'EEXIST') throw error
    if (!(await lstat(path)).isDirectory()) throw new StoreNotWritableError(root, `${path} is no folder`)
    return false
  }
}

/** The names in a folder; none when it does not exist. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await unlessMissing(readdir(folder))) ?? []
}

/** The file's text, or undefined when it does not exist. */
export async function textOf(path: string): Promise<string | undefined> {
  // Read as bytes, since what no string can hold has a code then.
  return (await unlessMissing(readFile(path)))?.toString('utf8')
}

/** The same of a checkpoint's file: a folder in its place, or more than a string can hold, is damage like any other. */
export async function checkpointTextOf(path: string): Promise<string | undefined> {
  const found = await unlessMissing(stat(path))
  // It would be read whole before it is found to be none.
  if (found !== undefined && hasNoText(found)) return ''
  return textOf(path).catch(emptyIfNoText)
}

/** Whether it is a folder, or more than a string can hold. */
export function hasNoText(found: Stats): boolean {
  return found.isDirectory() || found.size > constants.MAX_STRING_LENGTH
}

/** What Node says of a folder, of more than a string can hold, and of more than it reads at once. */
const NO_TEXT: readonly unknown[] = ['EISDIR', 'ERR_STRING_TOO_LONG', 'ERR_FS_FILE_TOO_LARGE']

function emptyIfNoText(error: unknown): string {
  if (NO_TEXT.includes(codesOf(error).code)) return ''
  throw error
}

/** More bytes than a first line has, in which a key and a definition’s id are all that can be long. */
const LONGEST_LINE = 1 << 20

/** The beginning of a file, up to and including its first line break where it has one soon. */
export async function firstLineOf(path: string): Promise<string | undefined> {
  const handle = await unlessMissing(open(path, 'r'))
  if (handle === undefined) return undefined
  try {
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of handle.createReadStream({ autoClose: false, highWaterMark: 4096 })) {
      // Without an encoding, a read stream gives buffers.
      const bytes = chunk as Buffer
      chunks.push(bytes)
      length += bytes.length
      if (bytes.includes(0x0a) || length >= LONGEST_LINE) break
    }
    return Buffer.concat(chunks).toString('utf8')
  } catch (error) {
    return emptyIfNoText(error)
  } finally {
    await handle.close()
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (codesOf(error).code === 'ENOENT') return undefined
    throw error
  }
}

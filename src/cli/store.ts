import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { KeyNotFoundError, StoreNotFoundError, StoreNotInFolderError } from '../errors/cli.js'
import type { StoreOlderError } from '../errors/inspect.js'
import { StoreGoneError } from '../errors/store-doubt.js'
import { claimNoteIn } from '../inspect/files/claim-note.js'
import { newestCommitsIn } from '../inspect/files/newest-commits.js'
import { olderThan } from '../inspect/files/older.js'
import { OwnerPlace } from '../inspect/server/owner-place.js'
import type { CheckpointSummary, Store, StoreClaim, StoredCheckpoint, StoreReader } from '../ports/store.js'
import { codesOf } from '../stores/failures.js'
import { forbiddenError } from './forbidden.js'
import { tellWarning } from './note.js'
import type { Output } from './output.js'

/** A store's folder, and what kind of store is in it; `undefined` when there is none yet. */
export interface StorePlace {
  readonly folder: string
  readonly kind: 'sqlite' | 'file' | undefined
}

/** Files that a store of each kind leaves in its folder. */
const MARKS = { sqlite: ['tardigrade.db'], file: ['owner.json', 'checkpoints'] } as const

const FORBIDDEN: readonly string[] = ['EACCES', 'EPERM']

/**
 * Finds out what is in the folder, without opening it.
 * @throws {StoreNotInFolderError} it is the address of a server
 * @throws {StoreNotReadableError} this user may not look into it
 */
export function placeOf(folder: string): StorePlace {
  if (/^\w+:\/\//.test(folder)) throw new StoreNotInFolderError(folder.slice(0, folder.indexOf(':')))
  const absolute = resolve(folder)
  const has = (kind: keyof typeof MARKS) => MARKS[kind].some((name) => isThere(absolute, name))
  return { folder: absolute, kind: has('sqlite') ? 'sqlite' : has('file') ? 'file' : undefined }
}

function isThere(folder: string, name: string): boolean {
  try {
    return statSync(join(folder, name), { throwIfNoEntry: false }) !== undefined
  } catch (cause) {
    const { code = '' } = codesOf(cause)
    if (FORBIDDEN.includes(code)) throw forbiddenError(folder, cause)
    // There is no such path at all.
    return false
  }
}

/** The store of this place; a new one is SQLite's. */
export async function openStore({ folder, kind }: StorePlace): Promise<Store> {
  // Loaded by need, so that reading plain files works without a SQLite.
  if (kind === 'file') return (await import('../stores/file.js')).fileStore(folder)
  return (await import('../stores/sqlite.js')).sqliteStore(folder)
}

/**
 * Opens the store in the folder for reading, beside its owner, for as long as `use` takes.
 * @throws {StoreNotFoundError} there is none
 */
export async function withReader<T>(
  folder: string,
  use: (reader: StoreReader, place: StorePlace) => Promise<T>,
  find: (folder: string) => StorePlace = existingPlace,
): Promise<T> {
  const place = find(folder)
  return closing(await (await openStore(place)).read(), (reader) => use(reader, place))
}

/**
 * Claims the store in the folder for as long as `use` takes.
 * @throws {StoreNotFoundError} there is none
 * @throws {StoreLockedError} another process owns it
 */
export async function withClaim<T>(
  output: Output,
  folder: string,
  use: (claim: StoreClaim) => Promise<T>,
): Promise<T> {
  const place = existingPlace(folder)
  const claim = await (await openStore(place)).claim()
  if (claim.warning !== undefined) tellWarning(output, claim.warning.message)
  return closing(claim, use)
}

/** The place of a store that exists. @throws {StoreNotFoundError} */
export function existingPlace(folder: string): StorePlace {
  const place = placeOf(folder)
  if (place.kind === undefined) throw new StoreNotFoundError(place.folder)
  return place
}

async function closing<Opened extends { close(): Promise<void> }, T>(
  opened: Opened,
  use: (opened: Opened) => Promise<T>,
): Promise<T> {
  try {
    return await use(opened)
  } finally {
    await opened.close()
  }
}

/** Everything in the store, page by page. */
export async function* summaries(reader: StoreReader): AsyncGenerator<CheckpointSummary> {
  for (let after: string | undefined; ; ) {
    const page = await reader.list(after === undefined ? {} : { after })
    yield* page
    after = page.at(-1)?.key
    if (after === undefined) return
  }
}

/** Says that the store is older than what was recorded beside it, where it is: what it says of a service is not the last that was acknowledged. */
export function olderIn(reader: StoreReader, folder: string): Promise<StoreOlderError | undefined> {
  // Before the store is asked: who owns it goes on.
  return olderThan(folder, reader, newestCommitsIn(folder))
}

/** Says that its owner exists still and has other files open than those that lie here, where it is so: what they say of a service is not how that stands. */
export async function goneIn(reader: StoreReader, folder: string): Promise<StoreGoneError | undefined> {
  if (claimNoteIn(folder) === undefined) return undefined
  const owner = await reader.owner()
  try {
    new OwnerPlace(folder).check(owner)
    return undefined
  } catch (error) {
    if (error instanceof StoreGoneError) return error
    throw error
  }
}

/** Warns where what the store says is not the last that was acknowledged. */
export async function warnIfOlder(output: Output, reader: StoreReader, folder: string): Promise<void> {
  const doubt = (await goneIn(reader, folder)) ?? (await olderIn(reader, folder))
  if (doubt !== undefined) tellWarning(output, doubt.message)
}

/** The newest checkpoint of the key. @throws {KeyNotFoundError} */
export async function loadExisting(
  reader: StoreReader,
  key: string,
  folder: string,
): Promise<StoredCheckpoint> {
  const stored = await reader.load(key)
  if (stored === undefined) throw new KeyNotFoundError(folder, { key })
  return stored
}

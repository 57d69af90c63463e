import { type IDBPDatabase, openDB } from 'idb'
import { NewerStoreError, StoreDamagedError } from '../../errors/store.js'
import { DAMAGED_HERE_REMEDY } from '../damaged-remedies.js'
import { failureOf } from './failures.js'
import { FORMAT, type Schema, STORES } from './schema.js'

export type Database = IDBPDatabase<Schema>

/** What may come over a connection that nobody has closed. */
export interface ConnectionEvents {
  /** Another tab waits for this connection to close, with a newer format, or with null to delete the database. */
  outdated(format: number | null): void
  /** The browser has closed it, as when the user deletes the site's data. */
  gone(): void
}

/**
 * Opens the database, and makes it if need be.
 * @throws {NewerStoreError | StoreDamagedError | StoreNotWritableError | StoreFullError | StoreFailedError}
 */
export async function openForWriting(name: string, events: ConnectionEvents): Promise<Database> {
  const database = await opened(name, () =>
    openDB<Schema>(name, FORMAT, {
      upgrade(created) {
        created.createObjectStore('newest', { keyPath: 'key' })
        created.createObjectStore('checkpoint')
        created.createObjectStore('quarantine', { autoIncrement: true }).createIndex('key', 'key')
        created.createObjectStore('owner')
        created.createObjectStore('turn', { keyPath: 'id' }).createIndex('epoch', 'epoch', { unique: true })
      },
      blocking: (_current, format) => events.outdated(format),
      terminated: events.gone,
    }),
  )
  return sound(name, database)
}

/**
 * Opens the database for reading; undefined where there is none, which is not made for that.
 * @throws {NewerStoreError | StoreDamagedError | StoreFailedError}
 */
export async function openForReading(name: string, events: ConnectionEvents): Promise<Database | undefined> {
  let absent = false
  try {
    const database = await opened(name, () =>
      openDB<Schema>(name, undefined, {
        upgrade(_database, _oldVersion, _newVersion, transaction) {
          absent = true
          transaction.done.catch(() => {})
          transaction.abort()
        },
        blocking: (_current, format) => events.outdated(format),
        terminated: events.gone,
      }),
    )
    return sound(name, database)
  } catch (error) {
    if (absent) return undefined
    throw error
  }
}

async function opened(name: string, open: () => Promise<Database>): Promise<Database> {
  try {
    return await open()
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'VersionError') {
      throw new NewerStoreError(name, await versionOf(name), FORMAT, { cause })
    }
    throw failureOf(name, cause)
  }
}

/** The version of a database that is there; unknown where the browser does not tell. */
async function versionOf(name: string): Promise<number> {
  const all = (await indexedDB.databases?.()) ?? []
  return all.find((one) => one.name === name)?.version ?? Number.NaN
}

function sound(name: string, database: Database): Database {
  const missing = STORES.filter((store) => !database.objectStoreNames.contains(store))
  if (database.version <= FORMAT && missing.length === 0) return database
  const { version } = database
  database.close()
  if (version > FORMAT) throw new NewerStoreError(name, version, FORMAT)
  throw new StoreDamagedError(name, `its database has no ${missing.join(', ')}`, {}, DAMAGED_HERE_REMEDY)
}

import { aSwitch, milliseconds, oneOf } from '../../errors/option-checks.js'
import { MissingFeatureError, NewerStoreError, StoreLockedError } from '../../errors/store.js'
import { StoreDroppedError } from '../../errors/store-doubt.js'
import type { Store, StoreClaim, StoreReader } from '../../ports/store.js'
import { latch } from '../latch.js'
import { resolveOptions, type StoreOptions } from '../options.js'
import { checkText } from '../storage-checks.js'
import { claimDatabase, connectionGone } from './claim.js'
import { ClaimConnection } from './connection.js'
import { failureOf } from './failures.js'
import { beginNewLog } from './new-log.js'
import { type ConnectionEvents, type Database, openForReading, openForWriting } from './open.js'
import { UNANSWERED_MS } from './question.js'
import { readerOf } from './reader.js'
import { FORMAT, OWNER } from './schema.js'
import { lockTab, type TabLock } from './tab-lock.js'

/** How an IndexedDB store is opened. */
export interface IndexedDbStoreOptions extends StoreOptions {
  /**
   * What `claim` does while another tab holds the store. `refuse` (default): it is refused at once. `wait`: it waits until that
   * tab is closed, frozen or kept for “back”, or does not answer, as one that hangs.
   */
  readonly whenLocked?: 'refuse' | 'wait'
  /**
   * Who waits takes the store from a tab that has not answered for this time, in ms, and has not said that it is frozen. Infinity: never.
   * Default 500.
   */
  readonly unansweredMs?: number
  /** Asks the browser not to evict the data of this site when space is short. Default: true. */
  readonly persist?: boolean
}

/** This tab, or worker, among those of the browser: stands where other stores have a process id. */
const tab = 1 + Math.floor(Math.random() * 2 ** 31)

/**
 * Keeps checkpoints in an IndexedDB database of this name, which is made if need be; durable beyond a power cut as far as
 * the browser says so (`durability: 'strict'`).
 *
 * One tab of an origin owns it, by a Web Lock; an epoch in every commit refuses a tab that was frozen and has lost it.
 * A commit is asked for in one go and then needs the page no more, so that a page may freeze at any moment without
 * keeping other tabs of the same format waiting.
 * @throws {InvalidOptionError} an option is unknown, or out of its range
 * @throws {MissingFeatureError} from `claim` and `read`: there is no IndexedDB, or there are no Web Locks
 * @throws {StoreLockedError} from `claim`: another tab, or another supervisor of this page, holds it, and `whenLocked` is `refuse`
 * @throws {NewerStoreError | StoreDamagedError} from `claim` and all reading: the database cannot be used
 * @throws {StoreFullError | StoreNotWritableError | StoreFailedError} the quota is used up; the browser lets this page store nothing
 *
 * @example
 * ```ts
 * const store = indexedDbStore('uploads', { whenLocked: 'wait' })
 * const supervisor = await createSupervisor({ store, host: browserHost() })
 * ```
 */
export function indexedDbStore(name: string, options: IndexedDbStoreOptions = {}): Store {
  checkText('name', name, 'the name of a database')
  const resolved = resolveOptions('indexedDbStore', options, {
    whenLocked: oneOf('refuse', 'wait'),
    unansweredMs: milliseconds,
    persist: aSwitch,
  })
  const { whenLocked = 'refuse', unansweredMs = UNANSWERED_MS, persist = true } = options
  /** What the browser has said of a loss, once, and no claim has told yet. */
  let dropped: string | undefined
  return {
    location: name,
    durability: 'power',
    async claim({ signal } = {}): Promise<StoreClaim> {
      checkFeatures(name)
      const wait = whenLocked === 'wait'
      for (;;) {
        const lock = await lockTab(`tardigrade:${name}`, { wait, unansweredMs, signal }).catch((cause) => {
          throw failureOf(name, cause)
        })
        if (lock === undefined) {
          const holder = await holderOf(name)
          throw new StoreLockedError(name, holder, {}, holder === tab ? 'this tab' : 'tab')
        }
        const claim = await claimUnder(lock)
        if (claim === undefined) continue
        // Some browsers ask the user, who may take a while.
        if (persist) void globalThis.navigator.storage?.persist?.().catch(() => {})
        return claim
      }
    },
    async read(): Promise<StoreReader> {
      checkFeatures(name)
      return readDatabase(name)
    },
  }

  /** Undefined where the lock was taken away meanwhile, as from a tab that was frozen: it asks for it again. */
  async function claimUnder(lock: TabLock): Promise<StoreClaim | undefined> {
    let connection: ClaimConnection | undefined
    const gone = () => connection?.end(() => connectionGone(name))
    const givesWay = (format: number) => connection?.end(() => new NewerStoreError(name, format, FORMAT))
    lock.onNewer = givesWay
    try {
      dropped = (await beginNewLog(name)) ?? dropped
      const events: ConnectionEvents = {
        outdated: (format) => (format === null ? gone() : givesWay(format)),
        gone,
      }
      const openAgain = async () => {
        const database = await openForReading(name, events).catch((cause) => {
          if (cause instanceof NewerStoreError) givesWay(cause.storedFormat)
          throw cause
        })
        if (database !== undefined) return database
        // Deleted meanwhile: who makes it again is the next one that claims it.
        gone()
        throw connectionGone(name)
      }
      connection = new ClaimConnection(name, await openForWriting(name, events), lock, openAgain)
      const claim = await claimDatabase(connection, tab, resolved)
      if (claim === undefined) connection.release()
      if (claim === undefined || dropped === undefined) return claim
      const warning = new StoreDroppedError(name, dropped)
      dropped = undefined
      return { ...claim, warning }
    } catch (cause) {
      const opened = connection ?? lock
      opened.release()
      throw connection?.failure(cause) ?? failureOf(name, cause)
    }
  }
}

function readDatabase(name: string): StoreReader {
  const closing = latch(name)
  let opening: Promise<Database | undefined> | undefined
  const close = () => {
    void opening?.then((database) => database?.close()).catch(() => {})
    opening = undefined
  }
  const connection = async () => {
    // Who waits for this connection to close gets in; the next question opens another.
    opening ??= openForReading(name, { outdated: close, gone: close })
    const mine = opening
    try {
      const database = await mine
      // A store that is made later is found later.
      if (database === undefined && opening === mine) opening = undefined
      return database
    } catch (error) {
      if (opening === mine) opening = undefined
      throw error
    }
  }
  return {
    ...readerOf(name, closing.check, connection),
    async close() {
      if (closing.close()) close()
    },
  }
}

async function holderOf(name: string): Promise<number | undefined> {
  const database = await openForReading(name, { outdated: () => {}, gone: () => {} }).catch(() => undefined)
  try {
    return (await database?.get('owner', OWNER))?.pid
  } finally {
    database?.close()
  }
}

/** @throws {StoreNotWritableError} the browser refuses to name it already, as some do where the user has them keep nothing */
function findIndexedDb(name: string): IDBFactory | undefined {
  try {
    return globalThis.indexedDB
  } catch (cause) {
    throw failureOf(name, cause)
  }
}

function checkFeatures(name: string): void {
  // Some browsers have it, and say null where the user does not want it.
  if (!findIndexedDb(name)) {
    throw new MissingFeatureError(
      'IndexedDB',
      'Use sqliteStore() in Node, or where it only renders, give useService a function; in a page, memoryStore(), whose checkpoints end with the page.',
    )
  }
  if (globalThis.navigator?.locks === undefined || globalThis.BroadcastChannel === undefined) {
    const remedy =
      'Serve the page over https or from localhost, where browsers have them, or use memoryStore().'
    throw new MissingFeatureError('Web Locks', remedy)
  }
}

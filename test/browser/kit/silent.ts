import { vi } from 'vitest'
import { ClaimConnection } from '../../../src/stores/indexeddb/connection.js'
import type { Database } from '../../../src/stores/indexeddb/open.js'

const never = new Promise<never>(() => {})

/** A database that answers nothing, and what is called as it is closed. */
export function silentDatabase() {
  const store = { put: () => never, get: () => never }
  const transaction = { done: never, store, objectStore: () => store, commit() {}, addEventListener() {} }
  const closed = vi.fn()
  // It has what is asked of it here.
  const database = { transaction: () => transaction, close: closed } as unknown as Database
  return { database, closed }
}

/** The connection of a claim to such a one. */
export function silent(openAgain: () => Promise<Database> = () => never) {
  const { database, closed } = silentDatabase()
  const lock = { release() {}, lost: never, isHeld: async () => true }
  return { database, connection: new ClaimConnection('app', database, lock, openAgain), closed }
}

// What is under way over a database that Chromium deletes never ends by itself: here a database that answers nothing.
import { expect, test, vi } from 'vitest'
import { StoreFailedError } from '../../src/errors/store.js'
import { ClaimConnection } from '../../src/stores/indexeddb/connection.js'
import { ask, write } from '../../src/stores/indexeddb/one-go.js'
import type { Database } from '../../src/stores/indexeddb/open.js'

const never = new Promise<never>(() => {})

function silent() {
  const store = { put: () => never, get: () => never }
  const transaction = { done: never, store, objectStore: () => store, commit() {}, addEventListener() {} }
  const closed = vi.fn()
  // It has what is asked of it here.
  const database = { transaction: () => transaction, close: closed } as unknown as Database
  const lock = { release() {}, lost: never, isHeld: async () => true }
  return { database, connection: new ClaimConnection('app', database, lock), closed }
}

test('reads and writes that are under way as the data of the site are deleted end, each with an error of its own', async () => {
  const { database, connection, closed } = silent()
  const underWay = [
    ask(database, 'newest', (newest) => newest.get('lamp')),
    ask(database, 'owner', (owners) => owners.get('owner')),
    write(database, 1, () => {}),
  ]
  connection.end(() => new StoreFailedError('app'))
  const why = await Promise.all(underWay.map((one) => one.catch((error) => error)))
  expect(why.map((error) => error instanceof StoreFailedError)).toEqual([true, true, true])
  expect(new Set(why).size).toBe(3)
  expect(closed).toHaveBeenCalled()
})

// When the connection of a claim is closed and opened as its page is frozen and goes on: without a browser.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { StoreFailedError } from '../../src/errors/store.js'
import { ask } from '../../src/stores/indexeddb/one-go.js'
import type { Database } from '../../src/stores/indexeddb/open.js'
import { silent, silentDatabase } from './kit/silent.js'

/** By whether they capture, as a browser tells those that do before the others; Node's own target knows one line alone. */
let listeners: Record<'true' | 'false', EventTarget>

beforeEach(() => {
  listeners = { true: new EventTarget(), false: new EventTarget() }
  const document = {
    addEventListener: (name: string, call: () => void, options: AddEventListenerOptions = {}) =>
      listeners[`${options.capture ?? false}`].addEventListener(name, call, options),
  }
  vi.stubGlobal('document', document)
})
afterEach(() => vi.unstubAllGlobals())

const freeze = () => {
  for (const each of [listeners.true, listeners.false]) each.dispatchEvent(new Event('freeze'))
}
const soon = () => new Promise((resolve) => setImmediate(resolve))

/** A connection that is closed while its page is frozen; what is opened again is looked at by `check`. */
function resting(check = async () => {}) {
  const again = silentDatabase()
  let opened = (_database: Database) => {}
  const openAgain = vi.fn(() => new Promise<Database>((resolve) => (opened = resolve)))
  const made = silent(openAgain)
  made.connection.closeWhileFrozen(check)
  return { ...made, again, openAgain, opens: () => opened(again.database) }
}

test('it is closed where it is at rest, and opened once by those who ask next', async () => {
  const { connection, database, closed, again, openAgain, opens } = resting()
  expect(await connection.open()).toBe(database)
  freeze()
  expect(closed).toHaveBeenCalledTimes(1)
  const asked = [connection.open(), connection.open()]
  opens()
  expect(await Promise.all(asked)).toEqual([again.database, again.database])
  expect(openAgain).toHaveBeenCalledTimes(1)
  freeze()
  expect(again.closed).toHaveBeenCalledTimes(1)
})

test('it stays open where something is under way, also what is asked for by the last one that hears of that', async () => {
  const { database, closed } = resting()
  document.addEventListener('freeze', () => void ask(database, 'owner', (owners) => owners.get('owner')))
  freeze()
  expect(closed).not.toHaveBeenCalled()
})

test('a page that is frozen again as it is opened has one connection', async () => {
  const { connection, again, openAgain, opens } = resting()
  freeze()
  const asked = connection.open()
  freeze()
  opens()
  expect(await asked).toBe(again.database)
  expect(await connection.open()).toBe(again.database)
  expect(openAgain).toHaveBeenCalledTimes(1)
})

test('what is not the same store any more is closed, and nobody is given it', async () => {
  const { connection, again, openAgain, opens } = resting(() => Promise.reject('another'))
  freeze()
  const asked = expect(connection.open()).rejects.toBe('another')
  opens()
  await asked
  expect(again.closed).toHaveBeenCalled()
  void connection.open()
  expect(openAgain).toHaveBeenCalledTimes(2)
})

test('what waits for it to be opened again ends with it, each with an error of its own', async () => {
  const { connection, again, opens } = resting()
  freeze()
  const asked = [connection.open(), connection.open()]
  connection.end(() => new StoreFailedError('app'))
  const why = await Promise.all(asked.map((one) => one.catch((error) => error)))
  expect(why.map((error) => error instanceof StoreFailedError)).toEqual([true, true])
  expect(new Set(why).size).toBe(2)
  opens()
  await soon()
  expect(again.closed).toHaveBeenCalled()
})

test('what is opened after it was released is closed at once, and nothing is heard of any more', async () => {
  const { connection, closed, again, opens } = resting()
  freeze()
  void connection.open()
  connection.release()
  const before = closed.mock.calls.length
  opens()
  await soon()
  expect(again.closed).toHaveBeenCalledTimes(1)
  freeze()
  expect([closed.mock.calls.length, again.closed.mock.calls.length]).toEqual([before, 1])
})

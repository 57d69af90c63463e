// What is under way over a database that Chromium deletes never ends by itself: here a database that answers nothing.
import { expect, test } from 'vitest'
import { StoreFailedError } from '../../src/errors/store.js'
import { ask, write } from '../../src/stores/indexeddb/one-go.js'
import { silent } from './kit/silent.js'

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

// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { unaskedOf } from '../../visualizer/src/panes/unasked.js'
import { tickMs } from '../../visualizer/src/shell/clock.js'
import { Store } from '../../visualizer/src/store/store.js'

test('a process that has just claimed the store is starting, and is said to take no requests where that stays so', () => {
  const store = new Store()
  store.apply({ type: 'hello', version: 1, pid: 1, control: true, command: 'tardigrade inspect' })
  const hall = { key: 'hall', definition: 'lamp', version: 1, checkpoint: 3, epoch: 2, savedAtMs: 5, size: 9 }
  const why = (requests: 'taken' | 'none', afterMs: number) => {
    const owner = { epoch: 2, pid: 7, claimedAtMs: 1000, exists: true, requests }
    const services = [{ ...hall, phase: 'running' }]
    store.apply({ type: 'stored', services, removed: [], complete: true, owner })
    tickMs.value = 1000 + afterMs
    return unaskedOf(store.services.get('hall') ?? expect.fail('no service'), store, false).ofProcess
  }
  const starting = 'Process 7 has just claimed the store, and takes no requests yet: it is starting.'
  expect([0, 4999].map((ms) => why('none', ms))).toEqual([starting, starting])
  expect(why('none', 5000)).toContain('it does not call serveControl(supervisor, folder)')
  // A clock of another machine that is behind says nothing of it.
  expect(why('none', -1)).toContain('it does not call serveControl(supervisor, folder)')
  expect(why('taken', 0)).toBeUndefined()
})

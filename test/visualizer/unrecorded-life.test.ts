import { expect, test } from 'vitest'
import { inOrder } from '../../visualizer/src/shell/order.js'
import { Store } from '../../visualizer/src/store/store.js'
import { lampMachine } from './kit/demo.js'
import { BEGAN_MS, Recording } from './kit/recording.js'

test('what a life without a recording has committed is the last commit, also where the next one records and has committed nothing yet', () => {
  const recording = new Recording()
  recording.service('hall', lampMachine()).start()
  recording.nowMs += 5000
  recording.service('shed', lampMachine()).start()
  const savedAtMs = recording.nowMs + 60_000
  recording.nowMs += 90_000
  recording.restart('p2')
  recording.service('hall', lampMachine(), undefined, 12)
  const store = new Store()
  const stored = { key: 'hall', definition: 'lamp', version: 1, checkpoint: 12, epoch: 4, size: 9 }
  for (const message of recording.messages) store.apply(message)
  const told = (ms: number) => {
    const services = [{ ...stored, savedAtMs: ms, phase: 'running' }]
    store.apply({ type: 'stored', services, removed: [], complete: true })
    store.publish()
    const summary = (key: string) => store.list.summary(store.services.get(key) ?? expect.fail('no service'))
    const newest = inOrder(store.list.members.value, 'commit', (service) => store.list.summary(service))
    return [summary('hall').committedAtMs, newest.map(({ key }) => key)]
  }
  expect(told(savedAtMs)).toEqual([savedAtMs, ['hall', 'shed']])
  // The store is looked at now and then: what was recorded since is newer.
  expect(told(BEGAN_MS - 1)).toEqual([BEGAN_MS, ['shed', 'hall']])
})

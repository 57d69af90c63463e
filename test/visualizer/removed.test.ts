import { expect, test } from 'vitest'
import type { Happening } from '../../src/inspect/stream/entry.js'
import { MOST_REMOVED } from '../../visualizer/src/store/removed.js'
import { Store } from '../../visualizer/src/store/store.js'
import { visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

const visits = visiting()

const BEGINS: Happening = { kind: 'service', definition: 'job', version: 1, chart: 'c', lifecycleChart: 'l' }

/** Services that come and are removed, from one number to another. */
function churned(recording: Recording, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    recording.nowMs++
    recording.add(`job-${at}`, BEGINS)
    recording.add(`job-${at}`, { kind: 'removed' })
  }
}

function filled(recording: Recording, store = new Store()): Store {
  for (const message of recording.messages) store.apply(message)
  while (store.publish());
  return store
}

test('of services that were removed the newest are kept, and how many were let go is counted', () => {
  const recording = new Recording()
  recording.add('keep', BEGINS)
  churned(recording, 0, MOST_REMOVED)
  const store = filled(recording)
  expect([store.services.size, store.removed.letGo]).toEqual([MOST_REMOVED + 1, 0])
  churned(recording, MOST_REMOVED, MOST_REMOVED + 7)
  filled(recording, store)
  expect([store.services.size, store.removed.letGo]).toEqual([MOST_REMOVED + 1, 7])
  expect(store.list.members.value.length).toBe(MOST_REMOVED + 1)
  expect([...store.services.keys()].slice(0, 2)).toEqual(['keep', 'job-7'])
  expect(store.services.get(`job-${MOST_REMOVED + 6}`)?.state?.lifecycle).toBe('removed')
})

test('what somebody looks at stays, and what began anew is not removed', () => {
  const recording = new Recording()
  churned(recording, 0, 3)
  recording.add('job-1', BEGINS)
  churned(recording, 3, MOST_REMOVED + 10)
  const store = filled(recording, new Store({}, ({ key }) => key === 'job-0'))
  expect(['job-0', 'job-1', 'job-2'].map((key) => store.services.has(key))).toEqual([true, true, false])
  // The one that lives is none of them.
  expect(store.services.size).toBe(MOST_REMOVED + 1)
  expect(store.removed.letGo).toBe(9)
  // One that was let go and comes again is a service like any other.
  recording.add('job-2', BEGINS)
  expect(filled(recording, store).services.get('job-2')?.moments.length).toBe(1)
})

test('what was let go counts no more in what the page keeps of all', () => {
  const recording = new Recording()
  for (let at = 0; at < 100; at++) recording.add('keep', BEGINS)
  churned(recording, 0, MOST_REMOVED)
  // As many moments as there may be: the long history need not make room for what comes.
  const store = filled(recording, new Store({ moments: MOST_REMOVED * 2 + 102 }))
  churned(recording, MOST_REMOVED, MOST_REMOVED + 500)
  filled(recording, store)
  expect(store.services.get('keep')?.moments.dropped).toBe(0)
})

test('the list says how many were let go, and the chosen one stays in it', async () => {
  const recording = new Recording()
  churned(recording, 0, MOST_REMOVED + 1234)
  const { page, problems } = await visits.show(recording, '&service=job-0')
  await page.getByText('No longer kept: 1,234 older removed services').waitFor()
  const list = page.getByRole('listbox', { name: 'Services' })
  await list.press('Home')
  await list.getByText('job-0', { exact: true }).waitFor()
  await page.getByPlaceholder('Search 2,000 services').waitFor()
  expect(problems).toEqual([])
})

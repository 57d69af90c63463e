// What a page does with its lock while it is away, and as it goes on: without a browser, and without a host that would tell.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { lockTab, type TabLock } from '../../src/stores/indexeddb/tab-lock.js'
import { Locks } from './kit/locks.js'

let locks: Locks
let page: EventTarget
let lock: TabLock
let isLost: boolean
let isAgain: boolean

beforeEach(async () => {
  locks = new Locks()
  page = new EventTarget()
  isLost = false
  isAgain = false
  vi.stubGlobal('navigator', { locks })
  // The window and its document hear no event of the same name here.
  vi.stubGlobal('document', page)
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  lock = await held()
  lock.onAgain = () => {
    isAgain = true
  }
  void lock.lost.then(() => {
    isLost = true
  })
})
afterEach(() => {
  lock.release()
  vi.unstubAllGlobals()
})

async function held(): Promise<TabLock> {
  const found = await lockTab('app', { wait: false, unansweredMs: 1 })
  if (found === undefined) throw new Error('Another has it.')
  return found
}

async function tell(...events: readonly string[]) {
  for (const event of events) page.dispatchEvent(new Event(event))
  await new Promise((soon) => setImmediate(soon))
}

const awayAndBack = [
  ['frozen', 'freeze', 'resume'],
  ['kept for “back”', 'pagehide', 'pageshow'],
] as const

test.each(awayAndBack)('a page that is %s gives its lock to who asks', async (_how, away) => {
  expect(await lockTab('app', { wait: false, unansweredMs: 1 })).toBeUndefined()
  await tell(away)
  expect(await lock.isHeld()).toBe(false)
  ;(await held()).release()
})

test.each(awayAndBack)('one that was %s, and finds it free, has it again', async (_how, away, back) => {
  await tell(away)
  await tell(back)
  expect(isAgain).toBe(true)
  expect(await lock.isHeld()).toBe(true)
  expect(await lockTab('app', { wait: false, unansweredMs: 1 })).toBeUndefined()
})

test.each(awayAndBack)(
  'one that was %s, and finds that another has it, has lost it',
  async (_how, away, back) => {
    await tell(away)
    const other = await held()
    await tell(back)
    expect([isAgain, isLost]).toEqual([false, true])
    other.release()
  },
)

test('one that was kept for “back” and frozen there asks for it once', async () => {
  await tell('pagehide', 'freeze')
  await tell('resume', 'pageshow')
  expect([isAgain, isLost]).toEqual([true, false])
})

test('one that is away again before it is granted gives it back', async () => {
  await tell('freeze', 'resume', 'freeze')
  expect([isAgain, isLost]).toEqual([false, false])
  ;(await held()).release()
})

test('one that is shown for the first time keeps what it has', async () => {
  await tell('pageshow')
  expect([isAgain, isLost, await lock.isHeld()]).toEqual([false, false, true])
})

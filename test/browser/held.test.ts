// What a page does with its lock while it is away, and as it goes on: without a browser, and without a host that would tell.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { grip } from '../../src/stores/indexeddb/grip.js'
import { FORMAT } from '../../src/stores/indexeddb/schema.js'
import { lockTab, type TabLock } from '../../src/stores/indexeddb/tab-lock.js'
import { Locks } from './kit/locks.js'

let locks: Locks
let page: EventTarget
let lock: TabLock
let isLost: boolean
/** Another has written itself down as the owner. */
let isTaken: boolean
let looks: number

beforeEach(async () => {
  locks = new Locks()
  page = new EventTarget()
  isLost = false
  isTaken = false
  looks = 0
  vi.stubGlobal('navigator', { locks })
  // The window and its document hear no event of the same name here.
  vi.stubGlobal('document', page)
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  lock = await held()
  lock.onDoubt = async () => {
    looks++
    if (isTaken) lock.release()
  }
  void lock.lost.then(() => {
    isLost = true
  })
})
afterEach(() => {
  lock.release()
  vi.unstubAllGlobals()
})

const NEVER = Number.POSITIVE_INFINITY

async function held(): Promise<TabLock> {
  const found = await lockTab('app', { wait: false, unansweredMs: NEVER })
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

test('who waits no longer leaves the line, and robs nobody', async () => {
  const given = new AbortController()
  const waiting = lockTab('app', { wait: true, unansweredMs: NEVER, signal: given.signal })
  const told = expect(waiting).rejects.toBe('given up')
  await tell()
  given.abort('given up')
  await told
  expect(await lock.isHeld()).toBe(true)
  lock.release()
  await tell()
  ;(await held()).release()
})

test.each(awayAndBack)('a page that is %s gives its lock to who asks', async (_how, away) => {
  expect(await lockTab('app', { wait: false, unansweredMs: NEVER })).toBeUndefined()
  await tell(away)
  expect(await lock.isHeld()).toBe(false)
  ;(await held()).release()
})

/** A tab that waits for the lock, which is given to `got`. */
function waits(got: (lock: TabLock) => void): void {
  void lockTab('app', { wait: true, unansweredMs: NEVER }).then((taken) => {
    if (taken !== undefined) got(taken)
  })
}

/** The lock, in a page that stays. */
const elsewhere = () => grip('app', { ifAvailable: true })

/** How many wait for the lock. */
const inLine = async () => (await locks.query()).pending.length

/** Resolves when the page has looked again whether another has come. */
async function looked(): Promise<void> {
  const before = looks
  await vi.waitUntil(() => looks > before)
}

test.each(awayAndBack)('one that was %s, and finds it free, has it again', async (_how, away, back) => {
  await tell(away)
  await tell(back)
  expect(await lock.isHeld()).toBe(true)
  // As it goes on, and when it has it: others may have come and gone in between.
  expect(looks).toBe(2)
  expect(await lockTab('app', { wait: false, unansweredMs: NEVER })).toBeUndefined()
})

test.each(awayAndBack)(
  'one that was %s, while another became the owner, lets go of it',
  async (_how, away, back) => {
    await tell(away)
    const other = await held()
    isTaken = true
    await tell(back)
    other.release()
    await tell()
    ;(await held()).release()
    expect(await lock.isHeld()).toBe(false)
  },
)

test.each(awayAndBack)(
  'one that was %s waits while another has it who has not become the owner',
  async (_how, away, back) => {
    await tell(away)
    const other = await held()
    await tell(back)
    expect([isLost, await lock.isHeld()]).toEqual([false, false])
    other.release()
    await tell()
    expect([isLost, await lock.isHeld()]).toEqual([false, true])
  },
)

test('and looks again as long as that one says that it has it', async () => {
  await tell('freeze')
  const other = await held()
  await tell('resume')
  await looked()
  isTaken = true
  await looked()
  other.release()
  await tell()
  expect(await lock.isHeld()).toBe(false)
})

test('but not while a look is under way, and gives way to one of a newer format all the same', async () => {
  await tell('freeze')
  const other = await held()
  lock.onDoubt = () => new Promise(() => looks++)
  const newer = vi.fn(() => lock.release())
  lock.onNewer = newer
  const channel = new BroadcastChannel('app')
  const heard = vi.fn()
  channel.onmessage = heard
  await tell('resume')
  // Questions, and as many answers.
  await vi.waitUntil(() => heard.mock.calls.length >= 8)
  // As it goes on, and at the first answer.
  expect(looks).toBe(2)
  channel.postMessage({ holds: FORMAT + 1 })
  await vi.waitUntil(() => newer.mock.calls.length > 0)
  expect(newer.mock.calls).toEqual([[FORMAT + 1]])
  channel.close()
  other.release()
})

test.each([
  ['that another has come, gives it back', true],
  ['that none has, keeps it', false],
])('one that is granted it as it is about to take it away, and finds %s', async (_how, hasCome) => {
  lock.release()
  await tell()
  const mine = await lockTab('app', { wait: false, unansweredMs: 1 })
  if (mine === undefined) throw new Error('Another has it.')
  await tell('freeze')
  // It answers nothing.
  const other = await elsewhere()
  mine.onDoubt = async () => {
    looks++
    // As it goes on, and before it takes it away.
    if (looks !== 2) return
    other?.release()
    await tell()
    if (hasCome) mine.release()
  }
  await tell('resume')
  await vi.waitUntil(async () => looks >= 2 && (await inLine()) === 0)
  await tell()
  expect(await mine.isHeld()).toBe(!hasCome)
  mine.release()
  await tell()
  ;(await held()).release()
})

test('one that has not yet become the owner has lost it, even to nobody', async () => {
  delete lock.onDoubt
  await tell('freeze')
  expect(isLost).toBe(false)
  await tell('resume')
  expect([isLost, await lock.isHeld(), await inLine()]).toEqual([true, false, 0])
})

test('one that comes back twice at once has it again', async () => {
  await tell('freeze')
  for (const event of ['resume', 'freeze', 'resume']) page.dispatchEvent(new Event(event))
  await tell()
  expect([isLost, await lock.isHeld()]).toEqual([false, true])
})

test('one that was kept for “back” and frozen there asks for it once', async () => {
  await tell('pagehide', 'freeze')
  await tell('resume', 'pageshow')
  expect([looks, isLost, await lock.isHeld()]).toEqual([2, false, true])
})

test('one that is away again while it waits leaves the line', async () => {
  await tell('freeze')
  const other = await elsewhere()
  await tell('resume')
  expect(await inLine()).toBe(1)
  await tell('freeze')
  expect(await inLine()).toBe(0)
  other?.release()
})

test('one that is away again before it is granted gives it back', async () => {
  await tell('freeze', 'resume', 'freeze')
  expect(isLost).toBe(false)
  ;(await held()).release()
})

test('one that is shown for the first time keeps what it has', async () => {
  await tell('pageshow')
  expect([looks, isLost, await lock.isHeld()]).toEqual([0, false, true])
})

test.each(awayAndBack)(
  'one that waits and is %s leaves the line, and stands in it again as it goes on',
  async (_how, away, back) => {
    let mine: TabLock | undefined
    lock.release()
    await tell()
    const other = await elsewhere()
    waits((taken) => {
      mine = taken
    })
    await tell()
    // Shown for the first time, it is no page that goes on.
    await tell('pageshow')
    expect(await inLine()).toBe(1)
    await tell(away)
    expect(await inLine()).toBe(0)
    await tell(back)
    expect(await inLine()).toBe(1)
    other?.release()
    await tell()
    expect(await mine?.isHeld()).toBe(true)
    mine?.release()
  },
)

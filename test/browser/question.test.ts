// How long a tab that waits gives the owner to answer, on clocks and channels of the test's: nothing here takes time.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { answering, UNANSWERED_MS, untilSilent } from '../../src/stores/indexeddb/question.js'
import { FORMAT } from '../../src/stores/indexeddb/schema.js'
import { Tabs } from './kit/threads.js'

/** What a claim takes of the second in which no tab is to be kept waiting by another. */
const CLAIM_MS = 250

let tabs: Tabs

beforeEach(() => {
  tabs = new Tabs()
  for (const [name, own] of Object.entries(tabs.platform)) vi.stubGlobal(name, own)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** An owner, and a tab that waits and has been answered. */
async function waits(unansweredMs = UNANSWERED_MS) {
  answering('lock', () => {})
  tabs.waitingBegins()
  const waiting = { takenAtMs: undefined as number | undefined }
  void untilSilent('lock', unansweredMs, new AbortController().signal).then(() => {
    waiting.takenAtMs = tabs.nowMs
  })
  await steps(6)
  return waiting
}

async function steps(count: number) {
  for (let step = 0; step < count; step++) await tabs.step()
}

/** How long it takes until the store is taken from an owner that stands still from now on. */
async function takes(waiting: { takenAtMs: number | undefined }) {
  const sinceMs = tabs.nowMs
  tabs.ownerStandsStill()
  await steps(100)
  return (waiting.takenAtMs ?? Number.NaN) - sinceMs
}

test('an owner that stands still keeps nobody waiting for longer than a second, with the claim that follows', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(1 - 2 ** -53)
  expect(await takes(await waits())).toBeLessThanOrEqual(1000 - CLAIM_MS)
})

test('and has all of its time to answer', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0)
  const waiting = await waits()
  // It has answered long ago, and is about to be asked again.
  tabs.waitingStandsStill(70)
  expect(await takes(waiting)).toBeGreaterThanOrEqual(UNANSWERED_MS)
})

test('a tab whose timers are slowed down to one a second needs two questions that go unanswered', async () => {
  tabs.wakes = (dueMs) => Math.ceil(dueMs / 1000) * 1000
  const waiting = await waits()
  const takesMs = await takes(waiting)
  expect(takesMs).toBeGreaterThan(1000)
  expect(takesMs).toBeLessThanOrEqual(3000)
})

test('a tab that stands still itself takes nothing from an owner that answers', async () => {
  const waiting = await waits()
  for (let times = 0; times < 10; times++) {
    // It answers in the last moment, and the waiting tab comes to hear it late.
    tabs.ownerStandsStill()
    const sinceMs = tabs.nowMs
    while (waiting.takenAtMs === undefined && tabs.nowMs < sinceMs + UNANSWERED_MS - 130) await tabs.step()
    tabs.ownerGoesOn()
    tabs.waitingStandsStill(3_600_000)
    await steps(10)
  }
  expect(waiting.takenAtMs).toBeUndefined()
})

test('a tab that stood still as its owner did, as while the machine sleeps, gives it time to answer', async () => {
  const waiting = await waits()
  tabs.ownerStandsStill()
  await steps(2)
  tabs.waitingStandsStill(3_600_000)
  await steps(2)
  tabs.ownerGoesOn()
  await steps(20)
  expect(waiting.takenAtMs).toBeUndefined()
})

test('with no limit it is never taken', async () => {
  const waiting = await waits(Number.POSITIVE_INFINITY)
  expect(await takes(waiting)).toBeNaN()
})

test('with no limit either, one that has just taken the lock hears soon which format the other knows', async () => {
  await waits(Number.POSITIVE_INFINITY)
  await steps(2)
  tabs.ownerBegins()
  const heard: unknown[] = []
  const channel = new BroadcastChannel('lock')
  channel.onmessage = ({ data }) => heard.push(data)
  const sinceMs = tabs.nowMs
  while (!heard.includes(FORMAT)) await tabs.step()
  expect(tabs.nowMs - sinceMs).toBeLessThanOrEqual(UNANSWERED_MS / 2)
})

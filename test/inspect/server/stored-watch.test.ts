import type { StoredCheckpoint } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { hiding } from '../../../src/inspect/redact.js'
import { StoredWatch } from '../../../src/inspect/server/stored-watch.js'
import type { StoredMessage, StoreOwnerShown } from '../../../src/inspect/stream/message.js'
import { lampCheckpoint } from '../../cli/records.js'
import { ManualClock, settle } from '../../kit/clock.js'

type Facts = Partial<Pick<StoredCheckpoint, 'service' | 'savedAtMs'>>

test('tells of a service that was removed and has begun anew, though its sequence is the same', async () => {
  const claim = await memoryStore().claim()
  const clock = new ManualClock()
  const watch = new StoredWatch(claim, hiding(undefined), () => true, clock)
  const told: unknown[] = []
  const begin = async ({ service = 'lamp', savedAtMs = 1 }: Facts) => {
    await claim.remove('hall')
    const facts = { sequence: 1, phase: 'running', wakeAtMs: undefined, text: 'as it is' } as const
    await claim.commit([{ key: 'hall', service, version: 1, savedAtMs, ...facts }])
  }
  await begin({})
  watch.watch((text) => {
    const { services } = JSON.parse(text) as StoredMessage
    for (const { definition, savedAtMs } of services) told.push([definition, savedAtMs])
  })
  await settle()
  for (const facts of [{}, { savedAtMs: 2 }, { savedAtMs: 2, service: 'bell' }]) {
    await begin(facts)
    await clock.advance(1000)
    await settle()
  }
  expect(told).toEqual([
    ['lamp', 1],
    ['lamp', 2],
    ['bell', 2],
  ])
  await watch.close()
})

test('tells who has the store, to those who look already and to one who comes, when that is another one', async () => {
  const claim = await memoryStore().claim()
  const clock = new ManualClock()
  let owner: StoreOwnerShown | undefined
  const owned = async () => owner
  const watch = new StoredWatch(claim, hiding(undefined), () => true, clock, { ownerNow: owned })
  const told: unknown[] = []
  const tell = (text: string) => void told.push((JSON.parse(text) as StoredMessage).owner)
  watch.watch(tell)
  await settle()
  for (const exists of [true, true, false]) {
    owner = { epoch: 2, pid: 7, claimedAtMs: 1, exists }
    await clock.advance(1000)
    await settle()
  }
  watch.watch(tell)
  const [alive, gone] = [true, false].map((exists) => ({ epoch: 2, pid: 7, claimedAtMs: 1, exists }))
  expect(told).toEqual([undefined, alive, gone, gone])
  await watch.close()
})

test.each([
  ['as long as it took, where no service waits', true, 0, 1000],
  ['twenty times as long, where services do', false, 11_000, 2000],
])('gives the platform its turn within a look, and rests %s', async (_, isAlone, restsMs, thenMs) => {
  const claim = await memoryStore().claim()
  const keys = Array.from({ length: 300 }, (_, at) => `lamp-${at}`)
  await claim.commit(keys.map((key) => lampCheckpoint({ key })))
  const clock = new ManualClock()
  let loadsOfTurn = 0
  let most = 0
  const slow = {
    list: claim.list.bind(claim),
    history: claim.history.bind(claim),
    load: (key: string) => {
      most = Math.max(most, ++loadsOfTurn)
      // One takes 2 ms of the only thread.
      clock.jump(2)
      return claim.load(key)
    },
  }
  const yieldThen = clock.yieldThen.bind(clock)
  clock.yieldThen = (run) =>
    yieldThen(() => {
      loadsOfTurn = 0
      run()
    })
  const watch = new StoredWatch(slow, hiding(undefined), () => true, clock, { isAlone })
  const told: string[] = []
  watch.watch((text) => {
    const { services, removed } = JSON.parse(text) as StoredMessage
    told.push(...services.map(({ key }) => key), ...removed.map((key) => `${key} removed`))
  })
  for (let turn = 0; turn < 1000 && told.length < keys.length; turn++) await settle()
  expect([...told].sort()).toEqual([...keys].sort())
  expect(most).toBeLessThan(10)
  // The look took 600 ms.
  await claim.remove('lamp-7')
  await clock.advance(restsMs)
  expect(told).toHaveLength(keys.length)
  await clock.advance(thenMs)
  expect(told.at(-1)).toBe('lamp-7 removed')
  await watch.close()
})

test('says at the end of each look whether it has met all that there is', async () => {
  const claim = await memoryStore().claim()
  const clock = new ManualClock()
  let fails = false
  const list: typeof claim.list = async (range) => {
    if (fails) throw new Error('no disk')
    return claim.list(range)
  }
  const looks: boolean[] = []
  const view = { list, load: claim.load.bind(claim), history: claim.history.bind(claim) }
  const looked = (hasMetAll: boolean) => void looks.push(hasMetAll)
  const watch = new StoredWatch(view, hiding(undefined), () => true, clock, { looked })
  watch.watch(() => {})
  await settle()
  for (fails of [true, false]) {
    await clock.advance(1000)
    await settle()
  }
  expect(looks).toEqual([true, false, true])
  await watch.close()
})

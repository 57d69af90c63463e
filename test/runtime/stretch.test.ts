import { createSupervisor, defineService } from 'tardigrade'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { Stretch } from '../../src/runtime/stretch.js'
import { ManualClock, microtasks, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { counter } from './machines.js'

test.each([8, 60_000, -60_000])(
  'work waits for the platform’s turn once the clock has gone by %d ms',
  (byMs) => {
    const clock = new ManualClock()
    clock.holdYielding()
    const stretch = new Stretch(clock)
    const ran: number[] = []
    const go = (work: number) => stretch.go(() => void ran.push(work))
    go(1)
    go(2)
    clock.jump(byMs)
    go(3)
    expect(ran).toEqual([1, 2])
    clock.letYielding()
    go(4)
    expect(ran).toEqual([1, 2, 3, 4])
  },
)

test('what has waited goes on in its order, as much as fits into a stretch, and before what comes later', async () => {
  const clock = new ManualClock()
  clock.holdYielding()
  const stretch = new Stretch(clock)
  const ran: number[] = []
  const outcomes = Array.from({ length: 8 }, (_, n) =>
    stretch.turn(() => {
      clock.jump(3)
      ran.push(n)
      if (n === 3) stretch.go(() => void ran.push(8))
      if (n === 6) throw new Error('the seventh')
      return n
    }),
  )
  const settled = Promise.allSettled(outcomes)
  expect(ran).toEqual([0, 1, 2])
  clock.letYielding()
  expect(ran).toEqual([0, 1, 2, 3, 4, 5])
  stretch.go(() => void ran.push(9))
  expect(ran).toHaveLength(6)
  clock.letYielding()
  expect(ran).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect((await settled).map(({ status }) => status)).toEqual([
    ...Array(6).fill('fulfilled'),
    'rejected',
    'fulfilled',
  ])
})

test('what goes on with work that was begun comes before what was not, and waits for the turn as well', () => {
  const clock = new ManualClock()
  clock.holdYielding()
  const stretch = new Stretch(clock)
  const ran: string[] = []
  const go = (name: string, begun: boolean) =>
    stretch.go(() => {
      clock.jump(5)
      ran.push(name)
    }, begun)
  go('a', false)
  go('b', false)
  go('c', false)
  go('goes on', true)
  go('too', true)
  go('also', true)
  expect(ran).toEqual(['a', 'b'])
  clock.letYielding()
  expect(ran).toEqual(['a', 'b', 'goes on', 'too'])
  clock.letYielding()
  expect(ran).toEqual(['a', 'b', 'goes on', 'too', 'also', 'c'])
})

test('many services that come in at once are loaded and begun a stretch at a time', async () => {
  const clock = new ManualClock()
  const counts = { loaded: 0, begun: 0 }
  const store = new FaultyStore()
  const claim: typeof store.claim = async () => {
    const claim = await store.claim()
    const load = (key: string) => {
      clock.jump(3)
      counts.loaded++
      return claim.load(key)
    }
    return Object.assign(Object.create(claim), { load })
  }
  const context = () => {
    clock.jump(3)
    counts.begun++
    return {}
  }
  const definition = defineService({ id: 'slow', version: 1, machine: createMachine({ context }) })
  const supervisor = await createSupervisor({ store: Object.assign(Object.create(store), { claim }), clock })
  await settle()
  counts.begun = 0
  clock.holdYielding()
  const keys = Array.from({ length: 20 }, (_, n) => `k${n}`)
  const started = Promise.all(keys.map((key) => supervisor.start(definition, { key })))
  const turns: number[] = []
  for (let before = 0; counts.begun < keys.length; clock.letYielding()) {
    await settle()
    const done = counts.loaded + counts.begun
    turns.push(done - before)
    before = done
  }
  expect(Math.max(...turns)).toBe(3)
  expect(counts.loaded).toBe(keys.length)
  clock.letYielding()
  await settle()
  clock.letYielding()
  await started
})

test('an event is taken at whatever moment of a revival it comes', async () => {
  const store = new FaultyStore()
  const supervisor = await createSupervisor({ store, clock: new ManualClock(), onFailed: () => {} })
  for (let moment = 0; moment < 30; moment++) {
    const log: string[] = []
    const service = await supervisor.start(counter(log), { key: `after ${moment}` })
    store.failure = new Error('no disk')
    await expect(service.send({ type: 'INC' })).rejects.toThrow('no disk')
    store.failure = undefined
    const retried = service.retry()
    // Until then it is failed, and refuses.
    while (service.getSnapshot().value !== 'resuming') await microtasks(1)
    await microtasks(moment)
    const sent = service.send({ type: 'INC' }).then(
      () => log.push('answered'),
      () => log.push('refused'),
    )
    await settle()
    await retried
    await sent
    // Before the tree runs it is answered as soon as its inbox is durable.
    expect([moment, log.sort(), service.machine.getSnapshot().context.n]).toEqual([
      moment,
      ['answered', 'n=1'],
      1,
    ])
  }
})

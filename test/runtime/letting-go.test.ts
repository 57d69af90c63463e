import fc from 'fast-check'
import { createSupervisor, defineService, type SupervisorOptions } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { fromCallback, fromPromise, fromTransition, setup } from 'xstate'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { opened } from '../kit/stored.js'
import { counter } from './machines.js'

/** A counter on a store and a clock that we hold. */
async function counting(options: Partial<SupervisorOptions> = {}) {
  const [store, clock, definition] = [new FaultyStore(), new ManualClock(), counter()]
  const failures: Error[] = []
  const supervisor = await createSupervisor({
    store,
    clock,
    onFailed: (_, error) => void failures.push(error),
    ...options,
  })
  const service = await supervisor.start(definition)
  await settle()
  /** How many events the store has: applied, or in the inbox. */
  const durable = () => {
    const { root, inbox } = opened(store.durable.get('counter')?.text ?? '', definition)
    const { n } = root.snapshot.context as { n: number }
    return { n, events: n + inbox.length }
  }
  const send = (type: 'INC' | 'ADD' = 'ADD') => service.send({ type })
  return { store, clock, supervisor, service, failures, durable, send }
}

/** Gives the platform its turns until nobody needs another. */
async function pass(clock: ManualClock): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    clock.letYielding()
    await settle()
  }
}

test('one that sleeps has begun, and its checkpoint is the one that is there', async () => {
  const { store, supervisor, service } = await counting()
  expect(supervisor.letGoIdle()).toBe(1)
  expect(['counter', 'another'].map((key) => supervisor.hasBegun(key))).toEqual([true, false])
  const { text } = store.durable.get('counter') ?? {}
  await service.checkpoint()
  expect([store.durable.get('counter')?.text, supervisor.sleeping]).toEqual([text, 1])
  await supervisor.close()
})

describe('an idle service is not let go', () => {
  test.each([
    ['a callback of it', fromCallback(() => {}), 0],
    ['a promise of it that has not come to its end', fromPromise(() => new Promise(() => {})), 0],
    ['none but a promise of it that has failed', fromPromise(() => Promise.reject(new Error('no'))), 1],
    ['none: a function of it waits for events', fromTransition((n: number) => n, 0), 1],
  ])('while work goes on at any depth: %s', async (_, work, slept) => {
    const inside = setup({ actors: { work } }).createMachine({
      invoke: { src: 'work', id: 'work', onError: {} },
    })
    const machine = setup({ actors: { inside } }).createMachine({ invoke: { src: 'inside', id: 'inside' } })
    const supervisor = await createSupervisor({ store: new FaultyStore(), clock: new ManualClock() })
    const service = await supervisor.start(defineService({ id: 'works', version: 1, machine }))
    await settle()
    expect(service.getSnapshot().value).toBe('running')
    expect(supervisor.letGoIdle()).toBe(slept)
  })

  test('while a commit of it is on its way, however long that takes', async () => {
    const { store, clock, supervisor, service, durable, send } = await counting({ idleAfterMs: 1000 })
    store.shut()
    const sent = send()
    await settle()
    // Many sweeps.
    await clock.advance(10_000)
    expect(supervisor.services()).toEqual([service])
    store.open()
    await sent
    expect(durable().n).toBe(1)
    await clock.advance(1000)
    expect([supervisor.services(), supervisor.sleeping]).toEqual([[], 1])
  })

  test('while what it decided waits for the commit of another', async () => {
    const { store, supervisor, service, durable, send } = await counting()
    const other = await supervisor.start(counter(), { key: 'other' })
    await settle()
    store.shut()
    const first = other.send({ type: 'ADD' })
    await settle()
    const second = send()
    expect(supervisor.letGoIdle()).toBe(0)
    store.step()
    await first
    await settle()
    // Now this one's is on its way, and the other is idle.
    expect([durable().n, supervisor.letGoIdle(), supervisor.services()]).toEqual([0, 1, [service]])
    store.open()
    await second
    expect([durable().n, supervisor.letGoIdle()]).toEqual([1, 1])
  })

  test('while the committer yields between two stretches', async () => {
    const { store, clock, supervisor, failures, durable, send } = await counting()
    clock.holdYielding()
    store.shut()
    const first = send()
    await settle()
    const second = send()
    // The first commit takes the whole of a stretch.
    clock.jump(1000)
    store.open()
    await first
    await settle()
    expect([durable().n, store.batches.at(-1)?.[0]?.sequence]).toEqual([1, 2])
    expect(supervisor.letGoIdle()).toBe(0)
    clock.letYielding()
    await second
    await pass(clock)
    expect([durable().n, supervisor.letGoIdle(), failures]).toEqual([2, 1, []])
  })

  test('while only what its effects have settled is to be written', async () => {
    const { clock, supervisor, store, send } = await counting()
    clock.holdYielding()
    await send('INC')
    await settle()
    // The effect is done, and the newest checkpoint owes it still.
    const owing = opened(store.durable.get('counter')?.text ?? '', counter())
    expect([owing.outbox.length, supervisor.letGoIdle()]).toEqual([1, 0])
    await pass(clock)
    const settled = opened(store.durable.get('counter')?.text ?? '', counter())
    expect([settled.outbox.length, supervisor.letGoIdle()]).toEqual([0, 1])
  })
})

type Step =
  | 'INC'
  | 'ADD'
  | 'letGo'
  | 'shut'
  | 'step'
  | 'open'
  | 'shutLoads'
  | 'openLoads'
  | 'yield'
  | 'pass'
  | number

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Step>('INC', 'ADD') },
  { weight: 4, arbitrary: fc.constant<Step>('letGo') },
  { weight: 3, arbitrary: fc.constantFrom<Step>('shut', 'step', 'open', 'shutLoads', 'openLoads', 'yield') },
  // Some microtasks, or all there are.
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 12 }) },
  { weight: 1, arbitrary: fc.constant<Step>('pass') },
)

test('let go at any moment, it loses no event and answers none that the store has not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 40 }), async (steps) => {
      const { store, clock, supervisor, service, failures, durable, send } = await counting()
      clock.holdYielding()
      const sent: Promise<void>[] = []
      for (const one of steps) {
        if (one === 'INC' || one === 'ADD') {
          const ordinal = sent.length + 1
          sent.push(send(one).then(() => expect(durable().events).toBeGreaterThanOrEqual(ordinal)))
        } else if (one === 'letGo') {
          if (supervisor.letGoIdle() > 0) expect(durable().n).toBe(sent.length)
        } else if (one === 'shutLoads') store.loads.shut()
        else if (one === 'openLoads') store.loads.open()
        else if (one === 'yield') clock.letYielding()
        else if (one === 'pass') {
          // Long enough for a stretch of commits to be over.
          clock.jump(10)
          await settle()
        } else if (typeof one === 'number') for (let n = 0; n < one; n++) await Promise.resolve()
        else store[one]()
      }
      store.open()
      store.loads.open()
      await pass(clock)
      await Promise.all(sent)
      expect(failures).toEqual([])
      expect([durable().n, service.machine.getSnapshot().context.n]).toEqual([sent.length, sent.length])
    }),
    { numRuns: 200 },
  )
})

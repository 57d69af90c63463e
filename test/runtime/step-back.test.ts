import { createSupervisor, defineService, type Service, type StoredCheckpoint } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, test } from 'vitest'
import { assign, fromPromise, raise, setup } from 'xstate'
import { isSameState } from '../../src/runtime/same-state.js'
import { toSetAside } from '../../src/runtime/step-back.js'
import { createTreeCodec } from '../../src/xstate/codec.js'
import { ManualClock, settle } from '../kit/clock.js'

describe('what a step back sets aside', () => {
  /** A history, newest first, each checkpoint with a letter for its state; how many of it are set aside. */
  const cases = [
    ['running:b running:a', false, 1],
    ['failed:b running:b running:a', false, 1],
    ['running:a', false, undefined],
    ['', false, undefined],
    ['running:b paused:a', true, 1],
    ['failed:b running:b running:a', true, 2],
    ['failed:b failed:b running:b running:a', true, 3],
    // A retry has come to another state and failed there: the state of the first failure may be a good one.
    ['failed:c running:c failed:b running:b running:a', true, 3],
    // Nothing came of a retry, or of two.
    ['failed:b running:b failed:b running:b running:a', true, 4],
    ['failed:b running:b failed:b running:b failed:b running:b running:a', true, 6],
    ['failed:b paused:b running:b failed:b running:b running:a', true, 5],
    ['failed:a running:a', true, undefined],
    ['failed:b running:b failed:a', true, undefined],
    ['failed:b running:b failed:b running:b', true, undefined],
    ['failed:a', true, undefined],
    ['', true, undefined],
  ] as const

  test.each(cases)('of “%s”, having failed in it: %s', (written, failedInIt, count) => {
    const history = written.split(' ').flatMap((each, index) => {
      const [phase, state] = each.split(':')
      return each === '' ? [] : [{ phase, state, index }]
    })
    type Kept = (typeof history)[number] & StoredCheckpoint
    // Of a checkpoint it looks at the phase alone, and has the states compared.
    const kept = history as unknown as readonly Kept[]
    const aside = toSetAside(kept, failedInIt, (newer, older) => newer.state === older.state)
    expect(aside).toEqual(count === undefined ? undefined : history.slice(0, count))
  })
})

/** Counts; an effect of `BAD` fails whenever it runs, at once or in time. */
function counting(fails: 'at once' | 'in time') {
  const error = new Error('always')
  const machine = setup({
    types: { context: {} as { n: number }, events: {} as { type: 'OK' } | { type: 'BAD' } },
    actions: {
      add: assign({ n: ({ context }) => context.n + 1 }),
      bad: () => {
        if (fails === 'at once') throw error
        // What it returns is waited for.
        return new Promise((_, reject) => setImmediate(() => reject(error))) as never
      },
    },
  }).createMachine({ context: { n: 0 }, on: { OK: { actions: 'add' }, BAD: { actions: ['add', 'bad'] } } })
  return defineService({ id: 'counting', version: 1, machine })
}

/** Has counted to three, and failed at the effect of the fourth event. */
async function failed(
  fails: Parameters<typeof counting>[0],
  onFailed: (service: Service) => void = () => {},
  keep = 4,
) {
  const store = memoryStore({ keep })
  const service = await (await createSupervisor({ store, onFailed })).start(counting(fails))
  for (const _ of [1, 2, 3]) await service.send({ type: 'OK' })
  await service.send({ type: 'BAD' })
  await settle()
  const setAside = async () => (await (await store.read()).quarantined()).map(({ phase }) => phase)
  const state = () => [service.getSnapshot().value, service.machine.getSnapshot().context.n]
  return { service, setAside, state }
}

describe.each(['at once', 'in time'] as const)('a state whose effect always fails, %s', (fails) => {
  test('is left behind with the note of the failure', async () => {
    const { service, setAside, state } = await failed(fails)
    expect(state()).toEqual(['failed', 4])
    await service.retry({ lastGood: true })
    await service.settled()
    expect(state()).toEqual(['running', 3])
    expect((await setAside()).sort()).toEqual(['failed', 'running'])
  })

  test('is left behind at once, however often it was retried before', async () => {
    const { service, state } = await failed(fails, () => {}, 10)
    for (const _ of [1, 2, 3]) {
      await service.retry().catch(() => {})
      await settle()
      expect(state()).toEqual(['failed', 4])
    }
    await service.retry({ lastGood: true })
    await settle()
    expect(state()).toEqual(['running', 3])
  })

  test('is left behind by a listener that steps back whenever it fails', async () => {
    const { state } = await failed(fails, (service) => void service.retry({ lastGood: true }).catch(() => {}))
    await settle()
    expect(state()).toEqual(['running', 3])
  })

  test('is left behind once by two who ask at the same time', async () => {
    const { service, setAside, state } = await failed(fails)
    await Promise.all([service.retry({ lastGood: true }), service.retry({ lastGood: true })])
    expect([state(), (await setAside()).length]).toEqual([['running', 3], 2])
  })
})

test('a step back that is asked for while a plain retry is on its way comes after it', async () => {
  const { service, state } = await failed('at once')
  const plain = service.retry()
  await Promise.all([expect(plain).rejects.toThrow(/always/), service.retry({ lastGood: true })])
  expect(state()).toEqual(['running', 3])
})

test('retries that fail as before leave the last good checkpoint in the store', async () => {
  const supervisor = await createSupervisor({ store: memoryStore({ keep: 3 }), onFailed: () => {} })
  const service = await supervisor.start(counting('at once'))
  await service.send({ type: 'OK' })
  await service.send({ type: 'BAD' })
  await settle()
  for (const _ of [1, 2, 3, 4, 5]) await expect(service.retry()).rejects.toThrow(/always/)
  await service.retry({ lastGood: true })
  expect(service.machine.getSnapshot().context.n).toBe(1)
})

test('what a failure and its retries in another process have left is stepped over as well', async () => {
  const store = memoryStore({ keep: 5 })
  const definition = counting('at once')
  const service = await (await createSupervisor({ store, onFailed: () => {} })).start(definition)
  await service.send({ type: 'OK' })
  await service.send({ type: 'BAD' })
  await settle()
  store.loseLock()
  const again = await (await createSupervisor({ store, onFailed: () => {} })).start(definition)
  await expect(again.retry()).rejects.toThrow(/always/)
  await again.retry({ lastGood: true })
  expect([again.getSnapshot().value, again.machine.getSnapshot().context.n]).toEqual(['running', 1])
})

/** Cannot take `BAD`, though it comes later, and fails at the effect of `EFFECT`; its state never changes. */
function fragile() {
  const throws = () => {
    throw new Error('cannot take it')
  }
  const later = raise({ type: 'BAD' }, { delay: 1000 })
  const machine = setup({ actions: { later, throws }, guards: { throws } }).createMachine({
    on: { BAD: { guard: 'throws' }, LATER: { actions: 'later' }, EFFECT: { actions: 'throws' } },
  })
  return defineService({ id: 'fragile', version: 1, machine })
}

describe('a checkpoint is left behind though the one before has the same state of the machine', () => {
  test('for an event in its inbox', async () => {
    const supervisor = await createSupervisor({ store: memoryStore({ keep: 10 }), onFailed: () => {} })
    const service = await supervisor.start(fragile())
    await service.pause()
    await service.send({ type: 'BAD' })
    await expect(service.resume()).rejects.toThrow('cannot take it')
    expect(service.getSnapshot().value).toBe('failed')
    await service.retry({ lastGood: true })
    await settle()
    expect(service.getSnapshot().value).toBe('running')
  })

  test('for an effect', async () => {
    const supervisor = await createSupervisor({ store: memoryStore(), onFailed: () => {} })
    const service = await supervisor.start(fragile())
    await service.send({ type: 'EFFECT' })
    expect(service.getSnapshot().value).toBe('failed')
    await service.retry({ lastGood: true })
    await settle()
    expect(service.getSnapshot().value).toBe('running')
  })

  test('for a timer', async () => {
    const clock = new ManualClock()
    const supervisor = await createSupervisor({ store: memoryStore(), clock, onFailed: () => {} })
    const service = await supervisor.start(fragile())
    await service.send({ type: 'LATER' })
    await clock.advance(1000)
    expect(service.getSnapshot().value).toBe('failed')
    await service.retry({ lastGood: true })
    await clock.advance(10_000)
    expect(service.getSnapshot().value).toBe('running')
  })
})

test('the event that is left out is left out once: what waits at its place later on is applied', async () => {
  const machine = setup({
    types: { context: {} as { sum: number }, events: {} as { type: 'ADD'; n: number } | { type: 'BAD' } },
    actions: {
      add: assign({ sum: ({ context, event }) => context.sum + (event.type === 'ADD' ? event.n : 0) }),
    },
    guards: {
      throws: () => {
        throw new Error('cannot take it')
      },
    },
  }).createMachine({ context: { sum: 0 }, on: { ADD: { actions: 'add' }, BAD: { guard: 'throws' } } })
  const definition = defineService({ id: 'sum', version: 1, machine })
  const supervisor = await createSupervisor({ store: memoryStore({ keep: 10 }), onFailed: () => {} })
  const service = await supervisor.start(definition)
  const add = (n: number) => service.send({ type: 'ADD', n })
  await service.pause()
  await add(1)
  await service.send({ type: 'BAD' })
  await add(10)
  await expect(service.resume()).rejects.toThrow('cannot take it')
  await service.retry({ lastGood: true })
  await service.settled()
  expect(service.machine.getSnapshot().context).toEqual({ sum: 11 })
  await service.pause()
  await add(100)
  await add(1000)
  await service.resume()
  await service.settled()
  expect(service.machine.getSnapshot().context).toEqual({ sum: 1111 })
})

test('a checkpoint that cannot be read is in the state of no other', () => {
  const codec = createTreeCodec(fragile())
  expect(isSameState('no checkpoint', 'no checkpoint', codec)).toBe(false)
})

test('a promise that fails in time is left behind at once, though it was retried', async () => {
  const call = fromPromise(() => new Promise((_, reject) => setImmediate(() => reject(new Error('always')))))
  const machine = setup({ actors: { call } }).createMachine({
    initial: 'idle',
    states: { idle: { on: { CALL: 'calling' } }, calling: { invoke: { src: 'call', id: 'call' } } },
  })
  const definition = defineService({ id: 'calling', version: 1, machine })
  const supervisor = await createSupervisor({ store: memoryStore({ keep: 10 }), onFailed: () => {} })
  const service = await supervisor.start(definition)
  await service.send({ type: 'CALL' })
  await settle()
  await service.retry().catch(() => {})
  await settle()
  expect(service.getSnapshot().value).toBe('failed')
  await service.retry({ lastGood: true })
  await settle()
  expect([service.getSnapshot().value, service.machine.getSnapshot().value]).toEqual(['running', 'idle'])
})

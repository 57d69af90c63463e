import { createSupervisor, defineService, type Service, type StoredCheckpoint } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { toSetAside } from '../../src/runtime/step-back.js'
import { settle } from '../kit/clock.js'

describe('what a step back sets aside', () => {
  /** A history, newest first, as `failed running …`; how many of it are set aside. */
  const cases = [
    ['running running', false, 1],
    ['failed running running', false, 1],
    ['running', false, undefined],
    ['', false, undefined],
    ['running paused', true, 1],
    ['failed running running', true, 2],
    ['failed failed running running', true, 3],
    // The retry's first checkpoint stands on the note of the first failure.
    ['failed running failed running running', true, 3],
    ['failed running', true, undefined],
    ['failed running failed', true, undefined],
    ['failed', true, undefined],
    ['', true, undefined],
  ] as const

  test.each(cases)('of “%s”, having failed in it: %s', (phases, failedInIt, count) => {
    const history = phases.split(' ').flatMap((phase, index) => (phase === '' ? [] : [{ phase, index }]))
    // Of a checkpoint it looks at the phase alone.
    const aside = toSetAside(history as unknown as readonly StoredCheckpoint[], failedInIt)
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
) {
  const store = memoryStore({ keep: 4 })
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

import { createSupervisor, defineService, effectKey, type Service, type Supervisor } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { setup } from 'xstate'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'

/** Pays whom it is told to; `payees` holds under each key who was paid under it. */
function payer() {
  const payees = new Map<string, string[]>()
  const machine = setup({
    types: { events: {} as { type: 'PAY'; to: string } },
    actions: {
      pay: ({ event }) => {
        const key = effectKey() ?? 'none'
        payees.set(key, [...(payees.get(key) ?? []), event.to])
      },
    },
  }).createMachine({ on: { PAY: { actions: 'pay' } } })
  return { payees, definition: defineService({ id: 'payer', version: 1, machine }) }
}

type Payer = Service<ReturnType<typeof payer>['definition']['machine']>

interface World {
  readonly supervisor: Supervisor
  readonly service: Payer
  readonly store: FaultyStore
  /** Another process, after this one was killed. */
  next(): Promise<Payer>
}

describe('after a step back to an earlier checkpoint no effect gets the key of another', () => {
  const ways: Record<string, (world: World) => Promise<Payer>> = {
    'at once': async ({ service }) => service,
    'after a sleep': async ({ supervisor, service }) => {
      expect(supervisor.letGoIdle()).toBe(1)
      return service
    },
    'after a kill -9': ({ next }) => next(),
    'after a stop, which comes before any other commit': async ({ supervisor, service }) => {
      await service.stop()
      return supervisor.start(service.definition)
    },
    'after another failure': async ({ store, service }) => {
      store.failure = new Error('full')
      await expect(service.send({ type: 'PAY', to: 'nobody' })).rejects.toThrow(/full/)
      store.failure = undefined
      await service.retry()
      return service
    },
    'after a removal': async ({ supervisor, service }) => {
      await supervisor.remove('payer')
      return supervisor.start(service.definition)
    },
  }

  test.each(Object.entries(ways))('%s', async (_, goOn) => {
    const { payees, definition } = payer()
    const [store, clock] = [new FaultyStore(), new ManualClock()]
    const begin = () => createSupervisor({ store, clock, definitions: [definition], onFailed: () => {} })
    const supervisor = await begin()
    const service = await supervisor.start(definition)
    for (const to of ['a', 'b', 'c']) {
      await settle()
      await service.send({ type: 'PAY', to })
    }
    // The note that `c` was paid cannot be written, so that the newest checkpoint is the one that decided it.
    store.failure = new Error('full')
    await settle()
    store.failure = undefined
    await service.retry({ lastGood: true })
    await settle()
    const next = async () => {
      store.loseLock()
      return (await begin()).start(definition)
    }
    const again = await goOn({ supervisor, service, store, next })
    for (const to of ['d', 'e', 'f']) await again.send({ type: 'PAY', to })
    await settle()
    expect([...payees.values()]).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map((to) => [to]))
  })
})

test('no key comes again after a removal, though the clock was set back between two processes', async () => {
  const { payees, definition } = payer()
  const store = new FaultyStore()
  for (const to of ['a', 'b']) {
    const supervisor = await createSupervisor({ store, clock: new ManualClock() })
    await (await supervisor.start(definition)).send({ type: 'PAY', to })
    await settle()
    await supervisor.remove('payer')
    await supervisor.close()
  }
  expect([...payees.values()]).toEqual([['a'], ['b']])
})

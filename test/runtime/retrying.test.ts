import { createSupervisor, defineService, type Service, StoreFailedError } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { assign, emit, setup } from 'xstate'
import { settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { Life } from '../kit/kill.js'
import { counter } from './machines.js'

/** Retries whatever fails, as a listener may; beyond all reason it gives up, so that the test can say so. */
function retrier() {
  const told: Error[] = []
  const onFailed = (service: Service, error: Error) => {
    told.push(error)
    const { value, context } = service.getSnapshot()
    expect([value, context.failure]).toEqual(['failed', error])
    if (told.length < 100) void service.retry().catch(() => {})
  }
  return { told, onFailed }
}

describe('a listener that retries whatever fails', () => {
  test('brings back a service that failed in an earlier life', async () => {
    const { told, onFailed } = retrier()
    const life = new Life(counter(), undefined)
    const service = await life.start()
    await service.send({ type: 'ADD' })
    await expect(service.send({ type: 'BOOM' })).rejects.toThrow(/boom/)
    await settle()
    life.options = { onFailed }
    const again = await life.restart()
    expect(told).toMatchObject([{ code: 'FAILED_EARLIER' }])
    expect([again.getSnapshot().value, again.machine.getSnapshot().context.n]).toEqual(['running', 1])
    await again.send({ type: 'ADD' })
    const last = await life.restart()
    expect([last.getSnapshot().value, last.machine.getSnapshot().context.n, told.length]).toEqual([
      'running',
      2,
      1,
    ])
  })

  test('brings it back as often as it fails, and loses nothing that was answered', async () => {
    const { told, onFailed } = retrier()
    const supervisor = await createSupervisor({ store: new FaultyStore(), onFailed })
    const service = await supervisor.start(counter())
    for (const n of [1, 2, 3, 4]) {
      await service.send({ type: 'ADD' }, { key: `${n}` })
      await expect(service.send({ type: 'BOOM' })).rejects.toThrow(/boom/)
      await settle()
      expect([service.getSnapshot().value, service.machine.getSnapshot().context.n]).toEqual(['running', n])
      expect(told).toHaveLength(n)
    }
    for (const n of [1, 2, 3, 4]) await service.send({ type: 'ADD' }, { key: `${n}` })
    expect(service.machine.getSnapshot().context.n).toBe(4)
  })

  test('and asks for the last good checkpoint gets the one before that on which the failure is noted', async () => {
    const store = new FaultyStore()
    const retries: Promise<void>[] = []
    const onFailed = (service: Service) => void retries.push(service.retry({ lastGood: true }))
    const service = await (await createSupervisor({ store, onFailed })).start(counter())
    for (const key of ['a', 'b']) await service.send({ type: 'ADD' }, { key })
    const { sequence = 0 } = store.durable.get('counter') ?? {}
    await expect(service.send({ type: 'BOOM' })).rejects.toThrow(/boom/)
    await Promise.all(retries)
    expect([service.getSnapshot().value, service.machine.getSnapshot().context.n]).toEqual(['running', 1])
    const reader = await store.read()
    expect((await reader.quarantined()).map(({ sequence, phase }) => [sequence, phase]).sort()).toEqual([
      [sequence, 'running'],
      [sequence + 1, 'failed'],
    ])
    await service.send({ type: 'ADD' }, { key: 'b' })
    expect([(await reader.load('counter'))?.sequence, service.machine.getSnapshot().context.n]).toEqual([
      sequence,
      2,
    ])
  })

  /** A machine that fails as long as it is told to, in an effect or in a transition. */
  function fragile() {
    const state = { broken: true, acts: 0 }
    const check = () => {
      if (state.broken) throw new Error('broken')
    }
    const machine = setup({
      types: { context: {} as { n: number }, events: {} as { type: 'ADD' | 'ACT' | 'FAIL' } },
      actions: {
        act: () => {
          check()
          state.acts++
        },
      },
    }).createMachine({
      context: { n: 0 },
      on: {
        ADD: { actions: assign({ n: ({ context }) => context.n + 1 }) },
        ACT: { actions: [assign({ n: ({ context }) => context.n + 1 }), 'act', 'act'] },
        FAIL: {
          actions: assign(({ context }) => {
            check()
            return { n: context.n + 1 }
          }),
        },
      },
    })
    return { state, definition: defineService({ id: 'fragile', version: 1, machine }) }
  }

  type Fragile = Service<ReturnType<typeof fragile>['definition']['machine']>

  /** Failures that last, after an event that was answered; n of the machine and what it did when they are mended. */
  const lasting: Record<
    string,
    { fail(service: Fragile, store: FaultyStore): Promise<void>; n: number; acts?: number }
  > = {
    'two effects that throw whenever they run': {
      fail: (service) => service.send({ type: 'ACT' }),
      n: 2,
      acts: 2,
    },
    'an event of the inbox that the machine fails at': {
      async fail(service) {
        await service.pause()
        await service.send({ type: 'FAIL' })
        await service.send({ type: 'ADD' })
        await service.resume().catch(() => {})
      },
      n: 3,
    },
    'a store that cannot be read': {
      async fail(service, store) {
        await service.pause()
        store.loadFailure = () => new StoreFailedError('faulty', { cause: new Error('EIO') })
        await service.resume().catch(() => {})
      },
      n: 1,
    },
  }

  test.each(Object.entries(lasting))(
    'comes to an end with what fails at every retry: %s',
    async (_, { fail, n, acts = 0 }) => {
      const { told, onFailed } = retrier()
      const [store, { state, definition }] = [new FaultyStore(), fragile()]
      const service = await (await createSupervisor({ store, onFailed })).start(definition)
      await service.send({ type: 'ADD' }, { key: 'first' })
      await fail(service, store)
      // It leaves the platform its turns; else this would never be over.
      await settle()
      // The retry failed in its turn, and to retry while it still did was the same retry.
      expect(told).toHaveLength(2)
      expect(service.getSnapshot().value).toBe('failed')
      expect(service.getSnapshot().context.failure).toBe(told[1])
      const failure: unknown = await service.retry().catch((error: unknown) => error)
      await settle()
      expect([told.length, failure]).toEqual([3, told[2]])
      expect(service.getSnapshot().value).toBe('failed')

      state.broken = false
      store.loadFailure = () => undefined
      await service.retry()
      await service.settled()
      await service.send({ type: 'ADD' }, { key: 'first' })
      expect([service.getSnapshot().value, service.machine.getSnapshot().context.n]).toEqual(['running', n])
      expect(state.acts).toBe(acts)
    },
  )
})

describe('a retry of what is owed', () => {
  test.each(['MIDDLE', 'END'] as const)(
    'after %s has those hear an emitted event who listen, also where the machine has ended',
    async (type) => {
      let runs = 0
      const machine = setup({
        types: { emitted: {} as { type: 'BYE' } },
        actions: {
          tell: () => {
            if (++runs === 1) throw new Error('away')
          },
        },
      }).createMachine({
        initial: 'on',
        states: {
          on: { on: { MIDDLE: 'between', END: 'off' } },
          between: { entry: ['tell', emit({ type: 'BYE' })] },
          off: { type: 'final', entry: ['tell', emit({ type: 'BYE' })] },
        },
      })
      const supervisor = await createSupervisor({ store: new FaultyStore(), onFailed: () => {} })
      const service = await supervisor.start(defineService({ id: 'ending', version: 1, machine }))
      const heard: string[] = []
      service.machine.on('*', (event) => void heard.push(event.type))
      await service.send({ type })
      await expect(service.settled()).rejects.toThrow(/away/)
      expect(heard).toEqual([])
      await service.retry()
      await service.settled()
      expect([heard, runs]).toEqual([['BYE'], 2])
    },
  )
})

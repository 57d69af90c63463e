import {
  createSupervisor,
  defineService,
  effectKey,
  type Service,
  StoreFailedError,
  type Supervisor,
} from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { assign, setup, waitFor } from 'xstate'
import { ManualClock, microtasks, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { collected } from '../kit/garbage.js'

const EIO = new StoreFailedError('faulty', { cause: new Error('EIO') })

/** Counts, with an effect each time; waits, ends and fails when it is told to. */
function acting(keys: string[]) {
  const machine = setup({
    types: {
      context: {} as { n: number },
      events: {} as { type: 'ADD' | 'WAIT' | 'END' | 'BOOM' },
    },
    actions: { act: () => void keys.push(effectKey() ?? 'none') },
  }).createMachine({
    context: { n: 0 },
    initial: 'on',
    entry: 'act',
    states: {
      on: {
        on: {
          ADD: { actions: [assign({ n: ({ context }) => context.n + 1 }), 'act'] },
          WAIT: 'waiting',
          END: 'off',
          BOOM: {
            actions: assign(() => {
              throw new Error('boom')
            }),
          },
        },
      },
      waiting: { after: { 1000: { target: 'on', actions: 'act' } } },
      off: { type: 'final' },
    },
  })
  return defineService({ id: 'acting', version: 1, machine })
}

type Acting = Service<ReturnType<typeof acting>['machine']>

async function started() {
  const [store, clock, keys] = [new FaultyStore(), new ManualClock(), [] as string[]]
  const definition = acting(keys)
  const failures: Error[] = []
  const next = () =>
    createSupervisor({ store, clock, onFailed: (_, error) => void failures.push(error), definitions: known })
  const known = [definition] as never[]
  /** Another process takes over, a moment later. */
  const killed = async () => {
    await settle()
    store.loseLock()
    clock.jump(1)
    return next()
  }
  const supervisor = await next()
  const start = async (from = supervisor) => {
    const service = await from.start(definition, { key: 'k' })
    await settle()
    return service
  }
  const service = await start()
  await service.send({ type: 'ADD' })
  return { store, clock, keys, failures, killed, known, supervisor, start, service }
}

type Others = Omit<Awaited<ReturnType<typeof started>>, 'service'>

/** How a service comes to be where it is removed from; answers the supervisor that removes it. */
const ways: Record<string, (all: Others, service: Acting) => Promise<Supervisor | undefined>> = {
  running: async () => undefined,
  'running, with a commit on its way': async ({ store }, service) => {
    store.shut()
    void service.send({ type: 'ADD' })
    await settle()
    setImmediate(() => store.open())
    return undefined
  },
  'waiting for a timer': async (_, service) => void (await service.send({ type: 'WAIT' })),
  paused: async (_, service) => void (await service.pause()),
  'resuming, from a pause': async (_, service) => {
    await service.pause()
    void service.resume().catch(() => {})
    return undefined
  },
  stopped: async (_, service) => void (await service.stop()),
  done: async (_, service) => {
    await service.send({ type: 'END' })
    await waitFor(service, ({ value }) => value === 'done')
    return undefined
  },
  failed: async (_, service) => {
    await expect(service.send({ type: 'BOOM' })).rejects.toThrow(/boom/)
    await settle()
    return undefined
  },
  'failed, and its failure is being noted': async (_, service) => {
    await expect(service.send({ type: 'BOOM' })).rejects.toThrow(/boom/)
    return undefined
  },
  'failed in an earlier life': async ({ killed }, service) => {
    await expect(service.send({ type: 'BOOM' })).rejects.toThrow(/boom/)
    await settle()
    return killed()
  },
  sleeping: async ({ supervisor }, service) => {
    await service.send({ type: 'WAIT' })
    await settle()
    expect(supervisor.letGoIdle()).toBe(1)
    return undefined
  },
  'stored by a process that was killed': async ({ killed }) => {
    return killed()
  },
  'of a definition that is not known here': async ({ killed, known }) => {
    known.length = 0
    return killed()
  },
}

/** Nothing of it is left, and what begins under its key is another: its effects have keys that none had before. */
async function expectRemoved({ store, clock, keys, start, failures }: Others, supervisor: Supervisor) {
  const gone = async () => {
    const reader = await store.read()
    expect([await reader.history('k'), await reader.quarantined()]).toEqual([[], []])
  }
  await gone()
  expect([supervisor.services(), supervisor.sleeping]).toEqual([[], 0])
  const told = failures.length
  await settle()
  await clock.advance(10_000)
  await gone()
  expect(failures).toHaveLength(told)
  clock.jump(-10_000)

  const before = keys.splice(0)
  const anew = await start(supervisor)
  await anew.send({ type: 'ADD' })
  await settle()
  expect([anew.getSnapshot().value, anew.machine.getSnapshot().context.n]).toEqual(['running', 1])
  expect(store.durable.get('k')?.sequence).toBeGreaterThan(1)
  expect(keys).toHaveLength(2)
  expect(keys.filter((key) => before.includes(key))).toEqual([])
}

describe('removing a service', () => {
  test.each(Object.entries(ways))('leaves nothing of it, and its key begins anew: %s', async (_, lead) => {
    const { service, ...all } = await started()
    const supervisor = (await lead(all, service)) ?? all.supervisor
    await supervisor.remove('k')
    if (supervisor === all.supervisor)
      await expect(service.send({ type: 'ADD' })).rejects.toMatchObject({ code: 'SERVICE_ENDED', key: 'k' })
    await expectRemoved(all, supervisor)
  })

  test.each(['can', 'cannot'])(
    'leaves nothing of a sleeper that nobody holds and that %s be read',
    async (can) => {
      const { reference, ...all } = await (async () => {
        const { service, ...rest } = await started()
        return { ...rest, reference: new WeakRef(service) }
      })()
      await settle()
      expect(all.supervisor.letGoIdle()).toBe(1)
      await collected(reference)
      if (can === 'cannot') all.store.loadFailure = () => EIO
      await all.supervisor.remove('k')
      all.store.loadFailure = () => undefined
      await expectRemoved(all, all.supervisor)
    },
  )

  test('may be asked for by two at once', async () => {
    const { service, ...all } = await started()
    await Promise.all([all.supervisor.remove('k'), all.supervisor.remove('k')])
    expect(service.getSnapshot().value).toBe('stopped')
    await expectRemoved(all, all.supervisor)
  })

  test('again and again gives each its own keys, though the clock stands still or is set back', async () => {
    const { service: _, ...all } = await started()
    for (const byMs of [0, 0, 1, -1, -1000, 1000, 0]) {
      all.clock.jump(byMs)
      await all.supervisor.remove('k')
      await all.start()
    }
    expect(all.keys.length).toBe(9)
    expect(new Set(all.keys).size).toBe(9)
  })

  test('of a key that nobody has does nothing; of one that no store can keep says so', async () => {
    const { supervisor, service } = await started()
    await supervisor.remove('another')
    await expect(supervisor.remove('')).rejects.toMatchObject({ code: 'INVALID_KEY' })
    await service.send({ type: 'ADD' })
    expect(service.machine.getSnapshot().context.n).toBe(2)
  })
})

describe('while a service is removed', () => {
  const moments = Array.from({ length: 40 }, (_, index) => index)

  test.each(['quick', 'slow'])('a start waits, and begins anew, at any moment: %s', async (store) => {
    for (const moment of moments) {
      const { service, ...all } = await started()
      if (store === 'slow') all.store.removals.shut()
      const removing = all.supervisor.remove('k')
      await microtasks(moment)
      const starting = all.start()
      await settle()
      all.store.removals.open()
      await removing
      const anew = await starting
      expect([anew === service, anew.getSnapshot().value]).toEqual([false, 'running'])
      await anew.send({ type: 'ADD' })
      expect([anew.machine.getSnapshot().context.n, all.store.durable.has('k')]).toEqual([1, true])
      expect([await all.supervisor.get('k'), all.failures]).toEqual([anew, []])
    }
  })

  test.each(['answers', 'loads'] as const)(
    'who only asks for it begins nothing, whether it was read before or is read after: %s wait',
    async (gate) => {
      for (const moment of moments) {
        const { service: _, ...all } = await started()
        const supervisor = await all.killed()
        all.store[gate].shut()
        const calls = [supervisor.get('k'), microtasks(moment).then(() => supervisor.remove('k'))]
        const asked = Promise.allSettled([...calls, microtasks(moment + 1).then(() => supervisor.get('k'))])
        await settle()
        all.store[gate].open()
        const unknown = { reason: { code: 'UNKNOWN_SERVICE' } }
        expect(await asked).toMatchObject([unknown, { status: 'fulfilled' }, unknown])
        expect(supervisor.services()).toEqual([])
      }
    },
  )

  test('it runs no more, though it slept or was only stored, with a timer that was due', async () => {
    for (const way of ['sleeping', 'stored']) {
      const { service, ...all } = await started()
      await service.send({ type: 'WAIT' })
      await settle()
      if (way === 'sleeping') expect(all.supervisor.letGoIdle()).toBe(1)
      const supervisor = way === 'sleeping' ? all.supervisor : await all.killed()
      all.clock.jump(10_000)
      const ran = all.keys.length
      await supervisor.remove('k')
      await settle()
      expect([way, all.keys.length, all.failures]).toEqual([way, ran, []])
      expect([supervisor.services(), all.store.durable.has('k')]).toEqual([[], false])
    }
  })

  test('its supervisor waits for that before it gives the store back', async () => {
    const { service: _, ...all } = await started()
    all.store.removals.shut()
    const removing = all.supervisor.remove('k')
    await settle()
    const closing = all.supervisor.close()
    await settle()
    all.store.removals.open()
    await removing
    expect(await closing).toEqual({ safe: [], unsafe: [] })
    expect(await (await all.store.read()).load('k')).toBeUndefined()
  })
})

test('a step back to an earlier checkpoint gives new keys to what is decided again, at the same moment too', async () => {
  const { store, keys, service } = await started()
  await settle()
  for (let round = 0; round < 3; round++) {
    await service.send({ type: 'ADD' })
    await settle()
    await service.pause()
    store.loadFailure = () => EIO
    await expect(service.resume()).rejects.toThrow(/EIO/)
    // Back over the pause, over what the effect had settled, and over the event itself.
    await expect(service.retry({ lastGood: true })).rejects.toThrow(/EIO/)
    await expect(service.retry({ lastGood: true })).rejects.toThrow(/EIO/)
    store.loadFailure = () => undefined
    await service.retry({ lastGood: true })
    expect([service.getSnapshot().value, service.machine.getSnapshot().context.n]).toEqual(['running', 1])
  }
  expect(keys).toHaveLength(5)
  expect(new Set(keys).size).toBe(5)
})

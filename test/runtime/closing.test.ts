import {
  type CloseReport,
  createSupervisor,
  DamagedCheckpointError,
  defineService,
  NotSafeInTimeError,
  type Service,
  type ServiceDefinition,
  StoreFullError,
  type SupervisorOptions,
  type TardigradeError,
} from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { createMachine, waitFor } from 'xstate'
import { ManualClock, microtasks, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { opened } from '../kit/stored.js'
import { counter, waiter } from './machines.js'

async function supervised(options: Partial<SupervisorOptions> = {}) {
  const [store, clock, definition] = [new FaultyStore(), new ManualClock(), counter()]
  const [failures, warnings] = [[] as Error[], [] as Error[]]
  const next = () =>
    createSupervisor({
      store,
      clock,
      onFailed: (_, error) => void failures.push(error),
      onWarning: (warning) => void warnings.push(warning),
      ...options,
    })
  const supervisor = await next()
  const start = (key = 'k') => supervisor.start(definition, { key })
  const durable = (key = 'k') => {
    const { phase, holds, root, inbox } = opened(store.durable.get(key)?.text ?? '', definition)
    return { phase, holds, events: (root.snapshot.context as { n: number }).n + inbox.length }
  }
  return { store, clock, definition, failures, warnings, next, supervisor, start, durable }
}

/** Lets one commit land after the other until the promise is settled. */
async function landing<T>(store: FaultyStore, promise: Promise<T>): Promise<T> {
  let open = true
  const settled = promise.finally(() => {
    open = false
  })
  settled.catch(() => {})
  for (let commit = 0; open && commit < 20; commit++) {
    await settle()
    store.step()
  }
  return settled
}

type Counter = Service<ReturnType<typeof counter>['machine']>

const moments = Array.from({ length: 30 }, (_, index) => index)

describe('close', () => {
  test('at any moment of a first start has it rest', async () => {
    for (const moment of moments) {
      const { store, failures, supervisor, start, durable, definition, next } = await supervised()
      store.shut()
      const starting = start()
      await microtasks(moment)
      expect(await landing(store, supervisor.close())).toEqual({ safe: ['k'], unsafe: [] })
      expect((await starting).getSnapshot().value).toBe('paused')
      expect(durable()).toEqual({ phase: 'paused', holds: [], events: 0 })
      store.open()
      const again = await (await next()).start(definition, { key: 'k' })
      expect([again.getSnapshot().value, failures]).toEqual(['running', []])
    }
  })

  /** Each sends an event, and more; all of it was taken before the end, so all of it is answered. */
  const ways: Record<string, (service: Counter) => Promise<void>[]> = {
    'as it goes on': (service) => [service.resume(), service.send({ type: 'ADD' })],
    'as it goes on and is held again': (service) => [
      service.resume(),
      service.send({ type: 'ADD' }),
      service.pause('maintenance'),
    ],
    'as it rests': (service) => [service.send({ type: 'ADD' })],
    'as it rests and is held once more': (service) => [
      service.send({ type: 'ADD' }),
      service.pause('maintenance'),
    ],
  }

  test.each(Object.entries(ways))(
    'waits for what a service has taken, at any moment: %s',
    async (_, lead) => {
      for (const moment of moments) {
        const { store, clock, failures, supervisor, start, durable } = await supervised()
        const service = await start()
        await service.send({ type: 'ADD' })
        await service.pause()
        store.shut()
        const calls = lead(service)
        await microtasks(moment)
        const report = await landing(store, supervisor.close())
        await Promise.all(calls)
        await settle()
        expect([report, failures, clock.pending]).toEqual([{ safe: ['k'], unsafe: [] }, [], 0])
        expect(service.getSnapshot().value).toBe('paused')
        expect(durable()).toMatchObject({ phase: 'paused', events: 2 })
      }
    },
  )

  test('waits for a sleeper that an event has just woken, at any moment', async () => {
    for (const moment of moments) {
      const { store, clock, failures, supervisor, start, durable } = await supervised()
      const service = await start()
      await settle()
      expect(supervisor.letGoIdle()).toBe(1)
      store.shut()
      const sent = service.send({ type: 'ADD' })
      await microtasks(moment)
      expect(await landing(store, supervisor.close())).toEqual({ safe: ['k'], unsafe: [] })
      await sent
      await settle()
      expect([durable(), failures]).toEqual([{ phase: 'paused', holds: [], events: 1 }, []])
      expect([supervisor.sleeping, clock.pending]).toEqual([0, 0])
    }
  })

  test('keeps a sleeper that is woken meanwhile from running', async () => {
    const { clock, supervisor, start, durable, failures } = await supervised()
    await supervisor.start(waiter().definition, { key: 'busy' })
    const service = await start()
    await settle()
    expect(supervisor.letGoIdle()).toBe(1)
    const closing = supervisor.close({ deadlineMs: 500 })
    await settle()
    await service.send({ type: 'ADD' })
    expect([service.getSnapshot().value, service.machine.getSnapshot().context.n]).toEqual(['paused', 0])
    await clock.advance(500)
    expect((await closing).unsafe).toEqual([])
    expect([durable(), failures, clock.pending]).toEqual([{ phase: 'paused', holds: [], events: 1 }, [], 0])
  })

  test('lets sleepers sleep, which are safe as they are', async () => {
    const { clock, supervisor, start, durable, failures, warnings, next, definition } = await supervised({
      idleAfterMs: 1_000_000,
    })
    for (const key of ['held', 'forgotten', 'idle']) {
      const service = await start(key)
      if (key !== 'idle') await service.send({ type: 'LATER' })
    }
    const held = await start('held')
    await settle()
    expect(supervisor.letGoIdle()).toBe(3)
    await start('running')
    expect(await supervisor.close()).toEqual({ safe: ['running', 'held', 'forgotten', 'idle'], unsafe: [] })
    expect([supervisor.sleeping, clock.pending, held.getSnapshot().value]).toEqual([0, 0, 'running'])
    // Nothing wakes them here any more; the next process goes on with them.
    await clock.advance(100_000)
    expect([durable('forgotten').phase, failures, warnings]).toEqual(['running', [], []])
    const again = await (await next()).start(definition, { key: 'held' })
    expect(again.machine.getSnapshot().value).toBe('on')
  })

  test('reports each service once: at rest, cut off, failed, stopped; twice and at once it is one closing', async () => {
    const { store, clock, supervisor, start, failures } = await supervised()
    await start('running')
    await (await start('paused')).pause()
    await (await start('stopped')).stop()
    const done = await start('done')
    await done.send({ type: 'END' })
    await waitFor(done, ({ value }) => value === 'done')
    const failed = await start('failed')
    await expect(failed.send({ type: 'BOOM' })).rejects.toThrow(/boom/)
    await supervisor.start(waiter().definition, { key: 'busy' })
    await settle()
    const closings = [
      supervisor.close({ deadlineMs: 500 }),
      supervisor.close({ deadlineMs: 1 }),
      supervisor.close(),
    ]
    await settle()
    await clock.advance(500)
    const [report, ...others] = await Promise.all(closings)
    expect(others).toEqual([report, report])
    expect(await supervisor.close()).toBe(report)
    expect([...(report?.safe ?? [])].sort()).toEqual(['busy', 'paused', 'running', 'stopped'])
    expect(report?.unsafe).toEqual([{ key: 'failed', error: failures[0] }])
    const phases = [...store.durable.values()].map(({ key, phase }) => [key, phase])
    expect(Object.fromEntries(phases)).toEqual({
      running: 'paused',
      paused: 'paused',
      stopped: 'stopped',
      done: 'done',
      failed: 'failed',
      busy: 'paused',
    })
    // The store is given back, once.
    await (await store.claim()).close()
  })

  test('answers for a sleeper that an event wakes meanwhile, at any moment', async () => {
    for (const moment of moments) {
      const { supervisor, start, durable } = await supervised()
      const [service] = [await start('k'), await start('other')]
      await settle()
      expect(supervisor.letGoIdle()).toBe(2)
      await start('other')
      const closing = supervisor.close()
      await microtasks(moment)
      const sent = await service.send({ type: 'ADD' }).then(
        () => 1,
        (error: TardigradeError) => error.code,
      )
      const { safe, unsafe } = await closing
      expect([[...safe].sort(), unsafe]).toEqual([['k', 'other'], []])
      // What came when the store was given back was not kept, and its sender knows.
      expect(['SUPERVISOR_CLOSED', 'STORE_CLOSED', 1]).toContain(sent)
      expect(durable().events).toBe(sent === 1 ? 1 : 0)
    }
  })

  test('waits for the note of a failure', async () => {
    const { store, supervisor, start, durable, failures } = await supervised()
    const service = await start()
    await service.send({ type: 'ADD' })
    await settle()
    store.shut()
    await expect(service.send({ type: 'BOOM' })).rejects.toThrow(/boom/)
    const { unsafe } = await landing(store, supervisor.close())
    expect(unsafe).toEqual([{ key: 'k', error: failures[0] }])
    expect(durable()).toMatchObject({ phase: 'failed', events: 1 })
  })

  test('takes for safe what other code has written, which it could not go on from, and not what is damaged', async () => {
    const { store, supervisor, start, definition, next, failures } = await supervised()
    const keys = ['foreign', 'missing', 'failing', 'changed', 'damaged']
    for (const key of keys) await start(key)
    await supervisor.close()
    store.loadFailure = (key) => (key === 'damaged' ? new DamagedCheckpointError('cut short') : undefined)
    const before = [...store.durable.values()]
    const { machine } = definition
    const fails = () => {
      throw new Error('boom')
    }
    const others: Record<string, ServiceDefinition> = {
      foreign: defineService({ id: 'other', version: 1, machine }),
      missing: defineService({
        id: 'counter',
        version: 3,
        machine,
        migrations: { 2: (snapshot) => snapshot },
      }),
      failing: defineService({ id: 'counter', version: 2, machine, migrations: { 1: fails } }),
      changed: defineService({
        id: 'counter',
        version: 1,
        machine: createMachine({ id: 'counter', initial: 'q', states: { q: {} } }),
      }),
      damaged: definition,
    }
    const again = await next()
    for (const [key, other] of Object.entries(others)) await again.start(other, { key })
    expect(failures).toMatchObject([
      { code: 'FOREIGN_CHECKPOINT' },
      { code: 'MISSING_MIGRATION' },
      { code: 'MIGRATION_FAILED' },
      { code: 'STRUCTURE_CHANGED' },
      { code: 'DAMAGED_CHECKPOINT' },
    ])
    expect(await again.close()).toEqual({
      safe: ['foreign', 'missing', 'failing', 'changed'],
      unsafe: [{ key: 'damaged', error: failures[4] }],
    })
    expect([...store.durable.values()]).toEqual(before)
  })

  test('reports what a service had taken and could not keep', async () => {
    const { store, supervisor, start } = await supervised()
    const [paused, running] = [await start('paused'), await start('running')]
    await paused.pause()
    await settle()
    store.failure = new StoreFullError('here')
    const sent = Promise.allSettled([paused.send({ type: 'ADD' }), running.send({ type: 'ADD' })])
    const { safe, unsafe } = await supervisor.close()
    const full = { code: 'STORE_FULL' }
    expect(safe).toEqual([])
    expect([...unsafe].sort((a, b) => a.key.localeCompare(b.key))).toMatchObject([
      { key: 'paused', error: full },
      { key: 'running', error: full },
    ])
    expect(await sent).toMatchObject([{ reason: full }, { reason: full }])
  })

  describe('with a deadline', () => {
    test('comes to an end though the store hangs, and tells who was not safe in time', async () => {
      const { store, clock, supervisor, start } = await supervised()
      await (await start('resting')).pause()
      const service = await start('k')
      await start('sleeping')
      await settle()
      expect(supervisor.letGoIdle()).toBe(2)
      store.shut()
      const sent = Promise.allSettled([service.send({ type: 'ADD' })])
      await settle()
      let report: CloseReport | undefined
      const closing = supervisor.close({ deadlineMs: 2000 }).then((told) => {
        report = told
      })
      await settle()
      await clock.advance(2499)
      expect(report).toBeUndefined()
      await clock.advance(1)
      await closing
      expect(report).toEqual({
        safe: ['resting', 'sleeping'],
        unsafe: [{ key: 'k', error: expect.any(NotSafeInTimeError) }],
      })
      expect(report?.unsafe[0]?.error).toMatchObject({
        code: 'NOT_SAFE_IN_TIME',
        service: 'counter',
        key: 'k',
      })
      expect(clock.pending).toBe(0)
      // The store was given back: what still comes of it is refused to nobody's surprise.
      await (await store.claim()).close()
      store.open()
      await sent
    })

    test('tells whoever waits for a store that hangs, and ends what the service does', async () => {
      const { store, clock, supervisor, start } = await supervised()
      const { definition, trace } = waiter()
      const service = await start()
      await supervisor.start(definition, { key: 'task' })
      await settle()
      store.shut()
      const waits = [service.send({ type: 'ADD' }), service.send({ type: 'ADD' }), service.settled()]
      const answers = Promise.allSettled(waits)
      await settle()
      const closing = supervisor.close({ deadlineMs: 0 })
      await settle()
      await clock.advance(500)
      expect((await closing).unsafe.map(({ key }) => key)).toEqual(['k', 'task'])
      expect(await answers).toEqual(
        waits.map(() => ({
          status: 'rejected',
          reason: expect.objectContaining({ code: 'NOT_SAFE_IN_TIME' }),
        })),
      )
      await settle()
      expect(trace.at(-1)).toBe('cleanup')
    })

    test('may be asked again with less time, never with more', async () => {
      const { clock, supervisor } = await supervised()
      const { definition, trace } = waiter()
      await supervisor.start(definition, { key: 'task' })
      const closing = supervisor.close()
      await settle()
      expect(supervisor.close({ deadlineMs: 50 })).toBe(closing)
      void supervisor.close({ deadlineMs: 5000 })
      await settle()
      await clock.advance(49)
      expect(trace).not.toContain('cleanup')
      await clock.advance(1)
      expect(await closing).toEqual({ safe: ['task'], unsafe: [] })
      expect(trace.at(-1)).toBe('cleanup')
    })

    test('comes to an end though the store hangs, also where the deadline comes later', async () => {
      const { store, clock, supervisor, start } = await supervised()
      const service = await start()
      await settle()
      store.shut()
      const sent = Promise.allSettled([service.send({ type: 'ADD' })])
      let report: CloseReport | undefined
      void supervisor.close().then((told) => {
        report = told
      })
      await settle()
      await clock.advance(60_000)
      void supervisor.close({ deadlineMs: 1000 })
      void supervisor.close({ deadlineMs: 60_000 })
      await settle()
      await clock.advance(1499)
      expect(report).toBeUndefined()
      await clock.advance(1)
      expect([report?.unsafe.map(({ key }) => key), clock.pending]).toEqual([['k'], 0])
      store.open()
      await sent
    })

    test('tells those who run at once, though another is slow to start', async () => {
      const { store, clock, supervisor, start } = await supervised()
      const running = await start('running')
      await settle()
      store.loads.shut()
      void start('k')
      await settle()
      const closing = supervisor.close({ deadlineMs: 100 })
      await settle()
      expect(running.getSnapshot().value).toBe('paused')
      await clock.advance(600)
      expect(await closing).toMatchObject({ safe: ['running'], unsafe: [{ key: 'k' }] })
    })

    test('tells those who run at once, though another takes its time to be removed', async () => {
      const { clock, supervisor, start } = await supervised()
      const running = await start('running')
      const { definition, go } = waiter()
      await supervisor.start(definition, { key: 'k' })
      await settle()
      const removed = supervisor.remove('k')
      await settle()
      const closing = supervisor.close({ deadlineMs: 2000 })
      await settle()
      expect(running.getSnapshot().value).toBe('paused')
      await clock.advance(1000)
      go()
      await removed
      // Of what was removed there is nothing to be safe.
      expect(await closing).toEqual({ safe: ['running'], unsafe: [] })
    })

    test('comes to an end though a service cannot be read, and those that start are told', async () => {
      const { store, clock, supervisor, start } = await supervised()
      store.loads.shut()
      void start('k')
      const closing = supervisor.close({ deadlineMs: 100 })
      await clock.advance(600)
      expect(await closing).toMatchObject({
        safe: [],
        unsafe: [{ key: 'k', error: { code: 'NOT_SAFE_IN_TIME' } }],
      })
      await expect(start('k')).rejects.toMatchObject({ code: 'SUPERVISOR_CLOSED' })
    })

    test('waits for a slow store, as long as something comes of it', async () => {
      const { store, clock, supervisor, start } = await supervised()
      const keys = Array.from({ length: 600 }, (_, index) => `${index}`)
      for (const key of keys) await start(key)
      await settle()
      store.shut()
      let report: CloseReport | undefined
      const closing = supervisor.close({ deadlineMs: 100 }).then((told) => {
        report = told
      })
      await settle()
      await clock.advance(100)
      for (let batch = 0; report === undefined && batch < 10; batch++) {
        await clock.advance(400)
        store.step()
        await settle()
      }
      await closing
      expect([report?.safe.length, report?.unsafe, clock.pending]).toEqual([600, [], 0])
    })
  })
})

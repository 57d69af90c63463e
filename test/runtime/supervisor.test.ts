import {
  createSupervisor,
  defineService,
  ForeignCheckpointError,
  StoreFullError,
  SupervisorClosedError,
  UnknownServiceError,
} from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createMachine } from 'xstate'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { counter, waiter } from './machines.js'

describe('start and get', () => {
  test('give the same service to everybody who asks, also at once', async () => {
    const supervisor = await createSupervisor({ store: memoryStore() })
    const definition = counter()
    const [a, b] = await Promise.all([
      supervisor.start(definition, { key: 'k' }),
      supervisor.start(definition, { key: 'k' }),
    ])
    expect(a).toBe(b)
    expect(await supervisor.get('k')).toBe(a)
    expect(await supervisor.start(definition, { key: 'k' })).toBe(a)
    expect(supervisor.services()).toEqual([a])
  })

  test('refuse a key that runs another definition, and one that holds another’s checkpoint', async () => {
    const store = memoryStore()
    const other = defineService({ id: 'other', version: 1, machine: createMachine({}) })
    const one = await createSupervisor({ store })
    await one.start(counter(), { key: 'k' })
    await expect(one.start(other, { key: 'k' })).rejects.toThrow(ForeignCheckpointError)
    await one.close()
    const two = await createSupervisor({ store, onFailed: () => {} })
    const foreign = await two.start(other, { key: 'k' })
    expect(foreign.getSnapshot().context.failure).toBeInstanceOf(ForeignCheckpointError)
    expect((await (await store.read()).load('k'))?.service).toBe('counter')
  })

  test('bring back what the store holds, when its definition is known', async () => {
    const store = memoryStore()
    const one = await createSupervisor({ store })
    await (await one.start(counter(), { key: 'k' })).send({ type: 'INC' })
    await one.close()
    const two = await createSupervisor({ store })
    await expect(two.get('k')).rejects.toThrow(UnknownServiceError)
    await expect(two.get('never')).rejects.toMatchObject({ key: 'never' })
    await two.close()
    const three = await createSupervisor({ store, definitions: [counter()] })
    expect((await three.get('k')).machine.getSnapshot().context).toMatchObject({ n: 1 })
  })

  test('what is stored of a service is told without starting it', async () => {
    const store = memoryStore()
    const one = await createSupervisor({ store })
    await (await one.start(counter(), { key: 'k' })).pause()
    await one.close()
    const two = await createSupervisor({ store })
    const [listed] = await two.list()
    expect(listed).toMatchObject({ key: 'k', service: 'counter', phase: 'paused' })
    expect(await two.stored('k')).toEqual(listed)
    expect(await two.stored('never')).toBeUndefined()
    expect(two.services()).toEqual([])
  })

  test.each(['', '../x'.repeat(200), 'a\u0000b', '\ud800'])(
    'the key %j, which no store can keep, is refused by name',
    async (key) => {
      const supervisor = await createSupervisor({ store: memoryStore() })
      await expect(supervisor.start(counter(), { key })).rejects.toMatchObject({ code: 'INVALID_KEY' })
      expect(supervisor.services()).toEqual([])
    },
  )

  test('a key such as ../x is a key like any other', async () => {
    const service = await (await createSupervisor({ store: memoryStore() })).start(counter(), { key: '../x' })
    await service.send({ type: 'INC' })
    expect(service.getSnapshot().value).toBe('running')
  })
})

describe('many services', () => {
  test('share one transaction', async () => {
    const store = new FaultyStore()
    const supervisor = await createSupervisor({ store })
    const definition = counter()
    const services = await Promise.all(
      Array.from({ length: 30 }, (_, index) => supervisor.start(definition, { key: `k${index}` })),
    )
    await settle()
    const before = store.batches.length
    await Promise.all(services.map((service) => service.send({ type: 'INC' })))
    expect(store.batches.slice(before).map((batch) => batch.length)).toEqual([15, 15])
  })

  test('one that fails takes no other along', async () => {
    const supervisor = await createSupervisor({ store: memoryStore(), onFailed: () => {} })
    const [good, bad] = await Promise.all([
      supervisor.start(counter(), { key: 'good' }),
      supervisor.start(counter(), { key: 'bad' }),
    ])
    const sent = await Promise.allSettled([bad.send({ type: 'BOOM' }), good.send({ type: 'INC' })])
    expect(sent.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(good.getSnapshot().value).toBe('running')
  })

  test('one that fails is named on the console, where nobody else hears of it', async () => {
    const error = vi.spyOn(console, 'error').mockReturnValue()
    onTestFinished(() => error.mockRestore())
    const supervisor = await createSupervisor({ store: memoryStore() })
    const bad = await supervisor.start(counter(), { key: 'order-7' })
    await expect(bad.send({ type: 'BOOM' })).rejects.toThrow()
    expect(error).toHaveBeenCalledWith(expect.stringMatching(/^counter order-7: ./))
    await supervisor.close()
  })
})

describe('an idle service', () => {
  test('is let go, and woken by an event as the same object', async () => {
    const clock = new ManualClock()
    const supervisor = await createSupervisor({ store: memoryStore(), clock, idleAfterMs: 1000 })
    const service = await supervisor.start(counter(), { key: 'k' })
    await service.send({ type: 'INC' })
    await clock.advance(2000)
    expect({ live: supervisor.services().length, sleeping: supervisor.sleeping }).toEqual({
      live: 0,
      sleeping: 1,
    })
    expect(service.machine.getSnapshot().context.n).toBe(1)
    expect(service.getSnapshot().value).toBe('running')
    await service.send({ type: 'INC' })
    expect(service.machine.getSnapshot().context.n).toBe(2)
    expect(supervisor.sleeping).toBe(0)
    expect(await supervisor.get('k')).toBe(service)
  })

  test('is woken by its timer', async () => {
    const clock = new ManualClock()
    const log: string[] = []
    const supervisor = await createSupervisor({ store: memoryStore(), clock })
    const service = await supervisor.start(counter(log), { key: 'k' })
    await service.send({ type: 'LATER' })
    await settle()
    expect(supervisor.letGoIdle()).toBe(1)
    await clock.advance(999)
    expect(log).toEqual([])
    await clock.advance(1)
    expect(log).toEqual(['n=0'])
    expect(service.machine.getSnapshot().value).toBe('on')
  })

  test('is not let go while a task runs, somebody watches, or it is paused', async () => {
    const clock = new ManualClock()
    const supervisor = await createSupervisor({ store: memoryStore(), clock })
    await supervisor.start(waiter().definition, { key: 'task' })
    const watched = await supervisor.start(counter(), { key: 'watched' })
    const lifecycle = watched.subscribe(() => {})
    const machine = watched.machine.subscribe(() => {})
    const paused = await supervisor.start(counter(), { key: 'paused' })
    await paused.pause()
    await settle()
    expect(supervisor.letGoIdle()).toBe(0)
    lifecycle.unsubscribe()
    expect(supervisor.letGoIdle()).toBe(0)
    machine.unsubscribe()
    expect(supervisor.letGoIdle()).toBe(1)
  })

  test('can be paused, stopped and asked for while it sleeps', async () => {
    const supervisor = await createSupervisor({ store: memoryStore() })
    const service = await supervisor.start(counter(), { key: 'k' })
    await settle()
    supervisor.letGoIdle()
    await service.pause()
    expect(service.getSnapshot().value).toBe('paused')
    await service.resume()
    await settle()
    supervisor.letGoIdle()
    await service.stop()
    expect(service.getSnapshot().value).toBe('stopped')
  })

  test('wakes into the holds that came while it slept', async () => {
    const platform = manualHost()
    const supervisor = await createSupervisor({ store: memoryStore(), host: platform.host })
    const service = await supervisor.start(counter(), { key: 'k' })
    await settle()
    supervisor.letGoIdle()
    await platform.interrupt('offline')
    await service.send({ type: 'INC' })
    expect(service.getSnapshot().value).toBe('paused')
    expect(service.machine.getSnapshot().context.n).toBe(0)
    await platform.release('offline')
    await settle()
    expect(service.machine.getSnapshot().context.n).toBe(1)
  })
})

describe('resumeAll', () => {
  test('goes on with what is stored, and lets sleep what waits for a timer', async () => {
    const store = memoryStore()
    const clock = new ManualClock()
    const log: string[] = []
    const one = await createSupervisor({ store, clock })
    const later = await one.start(counter(log), { key: 'later' })
    await later.send({ type: 'LATER' })
    await one.start(counter(log), { key: 'held' }).then((service) => service.pause())
    await (await one.start(counter(log), { key: 'done' })).send({ type: 'END' })
    await one.start(counter(log), { key: 'plain' })
    await settle()
    store.loseLock()
    const two = await createSupervisor({ store, clock, definitions: [counter(log)], idleAfterMs: 60_000 })
    await two.resumeAll()
    expect(two.services().map(({ key }) => key)).toEqual(['held'])
    expect(two.sleeping).toBe(2)
    await clock.advance(1000)
    expect(log).toEqual(['n=0'])
  })
})

describe('hosts', () => {
  test('pause the services that they concern, and let them go on', async () => {
    const platform = manualHost()
    const supervisor = await createSupervisor({ store: memoryStore(), host: platform.host })
    const service = await supervisor.start(counter(), { key: 'k' })
    await platform.interrupt('low-battery')
    expect(service.getSnapshot().value).toBe('running')
    await platform.interrupt('offline')
    expect(service.getSnapshot().value).toBe('paused')
    const late = await supervisor.start(counter(), { key: 'late' })
    expect(late.getSnapshot().value).toBe('paused')
    await platform.interrupt('frozen')
    await platform.release('offline')
    expect(service.getSnapshot().context.holds).toEqual(['frozen'])
    await platform.release('frozen')
    await settle()
    expect([service, late].map((one) => one.getSnapshot().value)).toEqual(['running', 'running'])
  })

  test('several at once hold together', async () => {
    const [network, power] = [manualHost(), manualHost()]
    const supervisor = await createSupervisor({ store: memoryStore(), host: [network.host, power.host] })
    const service = await supervisor.start(counter(), { key: 'k' })
    await network.interrupt('offline')
    await power.interrupt('shutdown')
    await network.release('offline')
    expect(service.getSnapshot().value).toBe('paused')
  })
})

describe('close', () => {
  test('brings everything to rest and gives the store back', async () => {
    const store = memoryStore()
    const supervisor = await createSupervisor({ store })
    await Promise.all(['a', 'b'].map((key) => supervisor.start(counter(), { key })))
    const report = await supervisor.close()
    expect([...report.safe].sort()).toEqual(['a', 'b'])
    expect(report.unsafe).toEqual([])
    await expect(supervisor.start(counter(), { key: 'c' })).rejects.toThrow(SupervisorClosedError)
    expect(await supervisor.close()).toBe(report)
    expect((await (await store.read()).load('a'))?.phase).toBe('paused')
    await (await createSupervisor({ store })).close()
  })

  test('reports what it could not bring to safety', async () => {
    const store = new FaultyStore()
    const supervisor = await createSupervisor({ store, onFailed: () => {} })
    await supervisor.start(counter(), { key: 'k' })
    store.failure = new StoreFullError('here')
    const report = await supervisor.close()
    expect(report).toMatchObject({ safe: [], unsafe: [{ key: 'k', error: { code: 'STORE_FULL' } }] })
  })
})

test('remove stops a service and deletes what is stored of it', async () => {
  const store = memoryStore()
  const supervisor = await createSupervisor({ store })
  const service = await supervisor.start(counter(), { key: 'k' })
  await supervisor.remove('k')
  expect(service.getSnapshot().value).toBe('stopped')
  expect(await (await store.read()).load('k')).toBeUndefined()
  const fresh = await supervisor.start(counter(), { key: 'k' })
  expect(fresh).not.toBe(service)
  expect(fresh.machine.getSnapshot().context.n).toBe(0)
})

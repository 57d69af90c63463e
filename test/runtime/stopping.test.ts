import { createSupervisor, defineService, StoreFullError } from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import { describe, expect, test } from 'vitest'
import { setup } from 'xstate'
import { ManualClock, microtasks, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { collected } from '../kit/garbage.js'
import { opened } from '../kit/stored.js'
import { counter } from './machines.js'

async function supervised() {
  const [store, clock, failures, log] = [new FaultyStore(), new ManualClock(), [] as Error[], [] as string[]]
  const definition = counter(log)
  const supervisor = await createSupervisor({
    store,
    clock,
    onFailed: (_, error) => void failures.push(error),
  })
  const start = () => supervisor.start(definition, { key: 'k' })
  const durable = () => {
    const { phase, root } = opened(store.durable.get('k')?.text ?? '', definition)
    return { phase, n: (root.snapshot.context as { n: number }).n }
  }
  return { store, clock, failures, log, supervisor, start, durable }
}

test('a retry after a stop that failed lets the service go on', async () => {
  const { store, start, durable } = await supervised()
  const service = await start()
  store.failure = new Error('full')
  await expect(service.stop()).rejects.toThrow(/full/)
  store.failure = undefined
  await service.retry()
  await service.send({ type: 'ADD' })
  expect([service.getSnapshot().value, durable()]).toEqual(['running', { phase: 'running', n: 1 }])
})

test('what a first life under a hold owes does not run because it is stopped', async () => {
  const [store, platform, log] = [new FaultyStore(), manualHost(), [] as string[]]
  const machine = setup({ actions: { tell: () => void log.push('told') } }).createMachine({ entry: 'tell' })
  const definition = defineService({ id: 'shy', version: 1, machine })
  const supervisor = await createSupervisor({ store, clock: new ManualClock(), host: platform.host })
  await platform.interrupt('frozen')
  store.shut()
  const starting = supervisor.start(definition)
  await settle()
  const stopping = supervisor.services()[0]?.stop()
  for (let commit = 0; commit < 5; commit++) {
    store.step()
    await settle()
  }
  store.open()
  await stopping
  expect([(await starting).getSnapshot().value, log]).toEqual(['stopped', []])
  await platform.release('frozen')
  await (await supervisor.start(definition)).settled()
  expect(log).toEqual(['told'])
})

describe('a service that is stopped while it begins', () => {
  test('rests with a checkpoint, at any moment', async () => {
    for (let moment = 0; moment < 25; moment++) {
      const { supervisor, start, durable, failures } = await supervised()
      const starting = start()
      const [service] = supervisor.services()
      await microtasks(moment)
      await service?.stop()
      expect((await starting).getSnapshot().value).toBe('stopped')
      expect([durable(), failures]).toEqual([{ phase: 'stopped', n: 0 }, []])
      const again = await start()
      await again.send({ type: 'ADD' })
      expect([again.getSnapshot().value, durable()]).toEqual(['running', { phase: 'running', n: 1 }])
    }
  })
})

describe('a start while a service stops', () => {
  test('gives one that runs, at any moment', async () => {
    for (let moment = 0; moment < 25; moment++) {
      const { supervisor, start, durable, failures } = await supervised()
      const service = await start()
      await service.send({ type: 'ADD' })
      const stopped = service.stop()
      await microtasks(moment)
      const [again, other] = await Promise.all([start(), start()])
      await stopped
      expect([again.getSnapshot().value, again === service, other === again]).toEqual([
        'running',
        false,
        true,
      ])
      await again.send({ type: 'ADD' })
      expect([durable(), failures]).toEqual([{ phase: 'running', n: 2 }, []])
      expect(supervisor.services()).toEqual([again])
    }
  })

  test('gives the one that failed meanwhile', async () => {
    const { store, start, failures } = await supervised()
    const service = await start()
    await settle()
    store.failure = new StoreFullError('here')
    const stopped = service.stop()
    expect(await start()).toBe(service)
    await expect(stopped).rejects.toThrow(StoreFullError)
    expect([service.getSnapshot().value, failures.length]).toEqual(['failed', 1])
  })
})

describe('a start after a stop waits for what is still on its way', () => {
  test('an event that came in the last moment', async () => {
    const { store, clock, start, failures, durable } = await supervised()
    const service = await start()
    await settle()
    store.shut()
    clock.holdYielding()
    const stopped = service.stop()
    await settle()
    // The committer yields to the platform before it writes more, and the service has stopped by then.
    clock.jump(20)
    const sent = service.send({ type: 'ADD' })
    store.step()
    await stopped
    const starting = start()
    const letYielding = async () => {
      for (let turn = 0; turn < 10; turn++) {
        clock.letYielding()
        await settle()
      }
    }
    await letYielding()
    store.open()
    await letYielding()
    await Promise.all([sent, starting])
    const more = (await starting).send({ type: 'ADD' })
    await letYielding()
    await more
    expect([durable(), failures]).toEqual([{ phase: 'running', n: 2 }, []])
  })

  test('the note of a failure', async () => {
    const { store, start, failures, durable } = await supervised()
    const service = await start()
    await settle()
    store.shut()
    service.send({ type: 'BOOM' }).catch(() => {})
    await settle()
    const stopped = service.stop()
    const starting = start()
    await settle()
    store.open()
    await stopped
    const again = await starting
    await again.retry()
    await again.send({ type: 'ADD' })
    expect(durable()).toEqual({ phase: 'running', n: 1 })
    expect(failures).toMatchObject([{ code: 'MACHINE_FAILED' }, { code: 'FAILED_EARLIER' }])
  })

  test('and so does its supervisor, which lists it once', async () => {
    const { supervisor, start } = await supervised()
    const service = await start()
    void service.stop()
    expect(await supervisor.close()).toEqual({ safe: ['k'], unsafe: [] })
  })
})

describe('a stopped service', () => {
  test('takes no room, and asking for it starts it never again: only a start does', async () => {
    const { supervisor, start, log, durable } = await supervised()
    const service = await start()
    await service.send({ type: 'INC' })
    await service.send({ type: 'LATER' })
    await service.stop()
    expect([supervisor.services(), supervisor.sleeping]).toEqual([[], 0])
    expect(await supervisor.get('k')).toBe(service)
    supervisor.letGoIdle()
    await supervisor.resumeAll()
    expect(await supervisor.get('k')).toBe(service)
    expect([durable(), log]).toEqual([{ phase: 'stopped', n: 1 }, ['n=1']])
    const again = await start()
    expect([again === service, await supervisor.get('k')]).toEqual([false, again])
    expect(again.getSnapshot().value).toBe('running')
  })

  test('that nobody holds any more shows its state, and does not run for that', async () => {
    const { supervisor, start, log, clock, failures } = await supervised()
    const reference = await (async () => {
      const service = await start()
      await service.send({ type: 'INC' })
      await service.send({ type: 'LATER' })
      await service.stop()
      return new WeakRef(service)
    })()
    await collected(reference)
    clock.jump(10_000)
    const asked = await Promise.all([supervisor.get('k'), supervisor.get('k')])
    expect(asked[0]).toBe(asked[1])
    const [service] = asked
    expect(service?.getSnapshot().value).toBe('stopped')
    expect(service?.machine.getSnapshot()).toMatchObject({ value: 'later', context: { n: 1 } })
    await settle()
    expect([supervisor.services(), log, failures]).toEqual([[], ['n=1'], []])
    // Its timer was due long ago.
    await start()
    await settle()
    expect(log).toEqual(['n=1', 'n=1'])
  })
})

import {
  BackPressureError,
  createSupervisor,
  defineService,
  EffectFailedError,
  effectKey,
  FailedEarlierError,
  InvalidEventError,
  MachineFailedError,
  ServiceEndedError,
  StaleEpochError,
  StoreFullError,
  UnencodableError,
  withEventKey,
} from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, test } from 'vitest'
import { assign, setup, toPromise, waitFor } from 'xstate'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { Life } from '../kit/kill.js'
import { surfaced } from '../kit/surfaced.js'
import { counter, waiter } from './machines.js'

const quiet = { onFailed: () => {} }

describe('send', () => {
  test('resolves when the event is durable, and runs its effects after that', async () => {
    const store = new FaultyStore()
    const log: string[] = []
    const supervisor = await createSupervisor({ store })
    const service = await supervisor.start(counter(log))
    store.shut()
    let acknowledged = false
    const sent = service.send({ type: 'INC' }).then(() => {
      acknowledged = true
    })
    await settle()
    expect(service.machine.getSnapshot().context.n).toBe(1)
    expect({ acknowledged, log }).toEqual({ acknowledged: false, log: [] })
    store.open()
    await sent
    expect(log).toEqual(['n=1'])
  })

  test('many at once share commits, in order', async () => {
    const store = new FaultyStore()
    const log: string[] = []
    const service = await (await createSupervisor({ store })).start(counter(log))
    const before = store.batches.length
    await Promise.all(Array.from({ length: 40 }, () => service.send({ type: 'INC' })))
    expect(store.batches.length - before).toBe(1)
    expect(log).toEqual(Array.from({ length: 40 }, (_, index) => `n=${index + 1}`))
  })

  test('what changes while a commit is on its way goes into the next', async () => {
    const store = new FaultyStore()
    const service = await (await createSupervisor({ store })).start(counter())
    await settle()
    store.shut()
    const first = service.send({ type: 'INC' })
    await settle()
    const second = service.send({ type: 'INC' })
    const before = store.batches.length
    store.open()
    await Promise.all([first, second])
    expect(store.batches.length).toBe(before + 1)
    expect(store.batches.at(-1)?.[0]?.sequence).toBe((store.batches.at(-2)?.[0]?.sequence ?? 0) + 1)
  })

  test('applies an event with a key once, before and after a kill, and answers both times', async () => {
    const life = new Life(counter())
    const service = await life.start()
    await Promise.all([
      service.send({ type: 'INC' }, { key: 'a' }),
      service.send({ type: 'INC' }, { key: 'a' }),
    ])
    await service.send({ type: 'INC' }, { key: 'a' })
    const again = await life.restart()
    await again.send({ type: 'INC' }, { key: 'a' })
    expect(again.machine.getSnapshot().context.n).toBe(1)
  })

  test('forgets the oldest keys beyond its limit', async () => {
    const definition = { ...counter(), rememberEventKeys: 2 }
    const service = await (await createSupervisor({ store: memoryStore() })).start(definition)
    for (const key of ['a', 'b', 'c', 'a', 'c']) await service.send({ type: 'INC' }, { key })
    expect(service.machine.getSnapshot().context.n).toBe(4)
  })

  test.each([null, undefined, 5, 'INC', {}, { type: '' }, { type: 7 }])(
    'refuses %j, which is no event',
    async (event) => {
      const service = await (await createSupervisor({ store: memoryStore() })).start(counter())
      await expect(service.send(event as never)).rejects.toThrow(InvalidEventError)
      expect(service.getSnapshot().value).toBe('running')
    },
  )

  test('refuses more than may wait, and takes more again later', async () => {
    const store = new FaultyStore()
    const service = await (await createSupervisor({ store })).start(counter())
    store.shut()
    const sent = Array.from({ length: 50 }, () => service.send({ type: 'INC' }))
    await expect(service.send({ type: 'INC' })).rejects.toThrow(BackPressureError)
    store.open()
    await Promise.all(sent)
    await service.send({ type: 'INC' })
    expect(service.machine.getSnapshot().context.n).toBe(51)
  })

  test('a paused service refuses more than its inbox may hold', async () => {
    const service = await (await createSupervisor({ store: memoryStore() })).start(counter())
    await service.pause()
    for (let n = 0; n < 50; n++) await service.send({ type: 'INC' })
    await expect(service.send({ type: 'INC' })).rejects.toThrow(BackPressureError)
    await service.resume()
    expect(service.machine.getSnapshot().context.n).toBe(50)
  })

  test('to a stopped, a failed or a done service is refused, by name', async () => {
    const supervisor = await createSupervisor({ store: memoryStore(), ...quiet })
    const stopped = await supervisor.start(counter(), { key: 'stopped' })
    await stopped.stop()
    await expect(stopped.send({ type: 'INC' })).rejects.toThrow(ServiceEndedError)
    const done = await supervisor.start(counter(), { key: 'done' })
    await done.send({ type: 'END' })
    await waitFor(done, ({ value }) => value === 'done')
    await expect(done.send({ type: 'INC' })).rejects.toMatchObject({
      state: 'done',
      key: 'done',
      service: 'counter',
    })
    const failed = await supervisor.start(counter(), { key: 'failed' })
    await expect(failed.send({ type: 'BOOM' })).rejects.toThrow(MachineFailedError)
    await expect(failed.send({ type: 'INC' })).rejects.toMatchObject({ state: 'failed' })
  })
})

describe('pause and resume', () => {
  test('holds add up, and the inbox is durable', async () => {
    const life = new Life(counter())
    const service = await life.start()
    await service.pause('user')
    await service.pause('maintenance')
    await service.send({ type: 'INC' }, { key: 'x' })
    await service.resume('user')
    expect(service.getSnapshot().value).toBe('paused')
    const again = await life.restart()
    expect(again.getSnapshot().value).toBe('paused')
    expect(again.getSnapshot().context.holds).toEqual(['maintenance'])
    expect(again.machine.getSnapshot().context.n).toBe(0)
    await again.send({ type: 'INC' }, { key: 'x' })
    await again.send({ type: 'INC' })
    await again.resume('maintenance')
    expect(again.getSnapshot().value).toBe('running')
    expect(again.machine.getSnapshot().context.n).toBe(2)
    const last = await life.restart()
    expect(last.machine.getSnapshot().context.n).toBe(2)
    expect(last.getSnapshot().value).toBe('running')
  })

  test('a hold of a platform ends with the process', async () => {
    const life = new Life(counter())
    await (await life.start()).pause('offline')
    expect((await life.restart()).getSnapshot().value).toBe('running')
  })

  test('an event that arrives while the checkpoint is read back is answered by no commit before it', async () => {
    const store = new FaultyStore()
    const service = await (await createSupervisor({ store })).start(counter())
    await service.pause()
    store.shut()
    const first = service.send({ type: 'INC' })
    await settle()
    const resumed = service.resume()
    let stored = ''
    const second = service.send({ type: 'INC', by: 10 }, { key: 'second' }).then(async () => {
      stored = store.batches.at(-1)?.[0]?.text ?? ''
    })
    store.open()
    await Promise.all([first, second, resumed])
    // In the inbox or applied, but there.
    expect(stored).toMatch(/"n":11|"by":10/)
  })

  test('a hold that is released while events wait behind it loses none of them', async () => {
    const { definition, go } = waiter()
    const service = await (await createSupervisor({ store: memoryStore() })).start(definition)
    await settle()
    const paused = service.pause()
    await settle()
    const sent = service.send({ type: 'ANY' } as never, { key: 'any' })
    const resumed = service.resume()
    go()
    await Promise.all([resumed, sent])
    expect(service.getSnapshot().value).toBe('running')
    await service.stop({ deadlineMs: 0 })
    await paused
  })

  test('an event to a service that turns out to have ended is refused, not swallowed', async () => {
    const store = memoryStore()
    const one = await createSupervisor({ store })
    const service = await one.start(counter())
    await service.send({ type: 'END' })
    await waitFor(service, ({ value }) => value === 'done')
    await one.close()
    const two = await createSupervisor({ store })
    const starting = two.start(counter())
    const early = two.services()[0]?.send({ type: 'INC' } as never)
    await expect(early).rejects.toThrow(ServiceEndedError)
    expect((await starting).getSnapshot().value).toBe('done')
  })

  test('a kill between release and its commit leaves it paused; after the answer it runs', async () => {
    const life = new Life(counter())
    const service = await life.start()
    await service.pause()
    life.kill()
    void service.resume()
    await settle()
    const again = await life.start()
    expect(again.getSnapshot().value).toBe('paused')
    await again.resume()
    expect((await life.restart()).getSnapshot().value).toBe('running')
  })

  test('waits for a task’s step, and goes on from there', async () => {
    const { definition, trace, go } = waiter()
    const service = await (await createSupervisor({ store: memoryStore() })).start(definition)
    await settle()
    const paused = service.pause()
    await settle()
    expect(service.getSnapshot().value).toBe('checkpointing')
    go()
    await paused
    expect(service.getSnapshot().value).toBe('paused')
    expect(trace).toEqual(['begin 0', 'end 0', 'cleanup'])
    await service.resume()
    await settle()
    expect(trace.slice(3)).toEqual(['begin 1'])
  })

  test('aborts a task at the deadline, and keeps what it had', async () => {
    const { definition, trace } = waiter()
    const life = new Life(definition)
    const service = await life.start()
    const paused = service.pause('user', { deadlineMs: 500 })
    await life.clock.advance(499)
    expect(service.getSnapshot().value).toBe('checkpointing')
    await life.clock.advance(1)
    await paused
    await settle()
    expect(trace).toEqual(['begin 0', 'end 0', 'cleanup'])
    await service.resume()
    await settle()
    expect(trace.at(-1)).toBe('begin 0')
  })

  test('a hold released before the checkpoint was durable starts the interrupted tasks again', async () => {
    const { definition, trace, go } = waiter()
    const service = await (await createSupervisor({ store: memoryStore() })).start(definition)
    await settle()
    const paused = service.pause()
    await settle()
    const resumed = service.resume()
    go()
    await resumed
    await settle()
    expect(service.getSnapshot().value).toBe('running')
    expect(trace).toEqual(['begin 0', 'end 0', 'cleanup', 'begin 1'])
    await service.stop({ deadlineMs: 0 })
    await paused
  })

  test('a service that is first started under a hold begins, and acts when it is let', async () => {
    const log: string[] = []
    const machine = setup({ actions: { act: () => void log.push(effectKey() ?? '') } }).createMachine({
      entry: 'act',
      initial: 'a',
      states: { a: { on: { GO: 'b' } }, b: {} },
    })
    const platform = manualHost()
    const life = new Life(defineService({ id: 'shy', version: 1, machine }), undefined, {
      host: (sink) => {
        void sink.interrupt('frozen')
        return platform.host(sink)
      },
    })
    const service = await life.start()
    expect(service.getSnapshot().value).toBe('paused')
    await service.send({ type: 'GO' })
    expect(log).toEqual([])
    await platform.release('frozen')
    await service.settled()
    expect(log).toEqual(['shy/life/lfls_1/1/0'])
    expect(service.machine.getSnapshot().value).toBe('b')
  })
})

describe('what a review found', () => {
  test('an event during an explicit checkpoint is applied when that is durable, and before later ones', async () => {
    const service = await (await createSupervisor({ store: memoryStore() })).start(counter())
    const taken = service.checkpoint()
    await Promise.resolve()
    await service.send({ type: 'INC' })
    await taken
    await service.send({ type: 'INC', by: 10 })
    expect(service.machine.getSnapshot().context.n).toBe(11)
  })

  test('the key of an event that was rejected is not seen', async () => {
    const service = await (await createSupervisor({ store: memoryStore(), ...quiet })).start(counter())
    await settle()
    const lost = service.send({ type: 'INC' }, { key: 'k' })
    const boom = service.send({ type: 'BOOM' })
    await expect(lost).rejects.toThrow(/boom/)
    await expect(boom).rejects.toThrow(/boom/)
    await service.retry()
    await service.send({ type: 'INC' }, { key: 'k' })
    expect(service.machine.getSnapshot().context.n).toBe(1)
  })

  test('an event of the inbox is applied once, though the machine fails while a commit is on its way', async () => {
    const store = new FaultyStore()
    const service = await (await createSupervisor({ store, ...quiet })).start(counter())
    await service.pause()
    await service.send({ type: 'INC' })
    store.shut()
    void service.resume().catch(() => {})
    await settle()
    void service.send({ type: 'BOOM' }).catch(() => {})
    await settle()
    store.open()
    await settle()
    await service.retry()
    expect(service.machine.getSnapshot().context.n).toBe(1)
  })

  test('an effect that is decided while a pause becomes durable runs once, when the service goes on', async () => {
    const store = new FaultyStore()
    const clock = new ManualClock()
    const log: string[] = []
    const service = await (await createSupervisor({ store, clock })).start(counter(log))
    await service.send({ type: 'LATER' })
    await settle()
    store.shut()
    const paused = service.pause()
    await settle()
    await clock.advance(1000)
    store.open()
    await paused
    expect(log).toEqual([])
    await service.resume()
    await service.settled()
    expect(log).toEqual(['n=0'])
  })

  test('a pause whose hold is released before it rests comes to an end', async () => {
    const service = await (await createSupervisor({ store: memoryStore() })).start(counter())
    const paused = service.pause()
    await service.resume()
    await paused
    expect(service.getSnapshot().value).toBe('running')
  })

  test('an event sent while it resumes is answered though it is stopped then', async () => {
    const life = new Life(counter())
    const service = await life.start()
    await service.pause()
    const resumed = service.resume()
    const sent = service.send({ type: 'INC' })
    await Promise.all([service.stop(), sent, resumed])
    const again = await life.start()
    expect(again.machine.getSnapshot().context.n).toBe(1)
  })

  test('a listener that throws keeps no other service from its answer', async () => {
    const thrown = surfaced()
    const supervisor = await createSupervisor({
      store: memoryStore(),
      onFailed: () => {
        throw new Error('listener')
      },
    })
    const bad = await supervisor.start(counter(), { key: 'bad' })
    const good = await supervisor.start(counter(), { key: 'good' })
    await expect(bad.send({ type: 'BOOM' })).rejects.toThrow(/boom/)
    await good.send({ type: 'INC' })
    await settle()
    expect(thrown).toMatchObject([{ message: 'listener' }])
  })

  test('an event that cannot be kept is refused alone', async () => {
    const service = await (await createSupervisor({ store: memoryStore() })).start(counter())
    await service.pause()
    const good = service.send({ type: 'INC' })
    await expect(service.send({ type: 'INC', f: () => {} } as never)).rejects.toThrow(UnencodableError)
    await good
    await service.resume()
    expect(service.machine.getSnapshot().context.n).toBe(1)
  })

  test('keys of effects never come again, though sequences do', async () => {
    const keys: (string | undefined)[] = []
    const machine = setup({ actions: { act: () => void keys.push(effectKey()) } }).createMachine({
      entry: 'act',
    })
    const definition = defineService({ id: 'again', version: 1, machine })
    const clock = new ManualClock()
    const supervisor = await createSupervisor({ store: memoryStore(), clock })
    await supervisor.start(definition)
    await supervisor.remove('again')
    clock.jump(1)
    await supervisor.start(definition)
    expect(new Set(keys).size).toBe(2)
  })

  test('an event that carries its own key may be sent twice', async () => {
    const service = await (await createSupervisor({ store: memoryStore() })).start(counter())
    for (let n = 0; n < 2; n++) await service.send(withEventKey({ type: 'INC' }, 'own'))
    expect(service.machine.getSnapshot().context.n).toBe(1)
  })

  test('a last good checkpoint that is not there is no reason to start afresh', async () => {
    const store = memoryStore({ keep: 1 })
    const supervisor = await createSupervisor({ store, ...quiet })
    const service = await supervisor.start(counter())
    await service.send({ type: 'INC' })
    await expect(service.send({ type: 'BOOM' })).rejects.toThrow(/boom/)
    await expect(service.retry({ lastGood: true })).rejects.toMatchObject({ code: 'NO_GOOD_CHECKPOINT' })
    await service.retry()
    expect(service.machine.getSnapshot().context.n).toBe(1)
  })
})

describe('deadlines', () => {
  test('the earliest counts, also when a longer pause came first', async () => {
    const { definition } = waiter()
    const life = new Life(definition)
    const service = await life.start()
    const paused = service.pause('user', { deadlineMs: 20_000 })
    await settle()
    const closing = life.supervisor.close({ deadlineMs: 100 })
    await settle()
    await life.clock.advance(100)
    await paused
    expect((await closing).safe).toEqual(['life'])
  })
})

describe('failure', () => {
  test('is durable, and a retry goes on from the last good state', async () => {
    const life = new Life(counter())
    const service = await life.start()
    await service.send({ type: 'INC' })
    const lost = service.send({ type: 'BOOM' })
    await expect(lost).rejects.toThrow(/boom.*retry/)
    await settle()
    expect(service.getSnapshot().value).toBe('failed')
    expect(service.getSnapshot().context.failure).toMatchObject({ key: 'life', service: 'counter' })
    const again = await life.restart()
    expect(again.getSnapshot().value).toBe('failed')
    expect(life.failures.at(-1)).toBeInstanceOf(FailedEarlierError)
    expect(life.failures.at(-1)?.message).toMatch(/boom/)
    await again.retry()
    expect(again.machine.getSnapshot().context.n).toBe(1)
    await again.send({ type: 'INC' })
    expect((await life.restart()).getSnapshot().value).toBe('running')
  })

  test('is noted before the store is given back', async () => {
    const store = memoryStore()
    const supervisor = await createSupervisor({ store, ...quiet })
    const service = await supervisor.start(counter())
    await expect(service.send({ type: 'BOOM' })).rejects.toThrow(/boom/)
    await expect(service.pause()).rejects.toThrow(/boom/)
    await supervisor.close()
    expect(await (await store.read()).load('counter')).toMatchObject({ phase: 'failed' })
    const again = await (await createSupervisor({ store, ...quiet })).start(counter())
    await again.retry()
    expect(again.getSnapshot().value).toBe('running')
  })

  test('of the store leaves what was stored, and a retry loads it', async () => {
    const store = new FaultyStore()
    const service = await (await createSupervisor({ store, ...quiet })).start(counter())
    await service.send({ type: 'INC' })
    store.failure = new StoreFullError('here')
    await expect(service.send({ type: 'INC' })).rejects.toThrow(StoreFullError)
    expect(service.getSnapshot().value).toBe('failed')
    await expect(service.retry()).resolves.toBeUndefined()
    expect(service.machine.getSnapshot().context.n).toBe(1)
    await expect(service.send({ type: 'INC' })).rejects.toThrow(StoreFullError)
    store.failure = undefined
    await service.retry()
    await service.send({ type: 'INC' })
    expect(service.machine.getSnapshot().context.n).toBe(2)
  })

  test('an owner that was fenced off stops', async () => {
    const store = memoryStore()
    const service = await (await createSupervisor({ store, ...quiet })).start(counter())
    store.loseLock()
    await createSupervisor({ store })
    await expect(service.send({ type: 'INC' })).rejects.toThrow(StaleEpochError)
    expect(service.getSnapshot().value).toBe('failed')
  })

  test('an effect that throws fails its actor, and is owed under the same key', async () => {
    const calls: string[] = []
    let broken = true
    const machine = setup({
      types: { events: {} as { type: 'GO' } },
      actions: {
        act: () => {
          calls.push(effectKey() ?? '')
          if (broken) throw new Error('no network')
        },
      },
    }).createMachine({ initial: 'a', states: { a: { on: { GO: { target: 'b', actions: 'act' } } }, b: {} } })
    const life = new Life(defineService({ id: 'act', version: 1, machine }))
    const service = await life.start()
    await service.send({ type: 'GO' })
    await settle()
    expect(service.getSnapshot().value).toBe('failed')
    expect(life.failures[0]?.message).toMatch(/no network/)
    broken = false
    const again = await life.restart()
    await again.retry()
    await again.settled()
    expect(calls).toEqual(['act/life/lfls_1/2/0', 'act/life/lfls_1/2/0'])
    expect(again.machine.getSnapshot().value).toBe('b')
    await life.restart()
    expect(calls).toHaveLength(2)
  })

  test('an asynchronous effect that rejects after its machine ended fails the service', async () => {
    let reject: (error: Error) => void = () => {}
    const machine = setup({
      actions: {
        act: () =>
          new Promise((_, no) => {
            reject = no
          }) as never,
      },
    }).createMachine({
      initial: 'a',
      states: { a: { on: { GO: { target: 'b', actions: 'act' } } }, b: { type: 'final' } },
    })
    const life = new Life(defineService({ id: 'act', version: 1, machine }))
    const service = await life.start()
    await service.send({ type: 'GO' })
    expect(service.getSnapshot().value).toBe('running')
    reject(new Error('late'))
    await settle()
    expect(life.failures[0]).toBeInstanceOf(EffectFailedError)
    expect(service.getSnapshot().value).toBe('failed')
  })

  test('what cannot be stored is named by its path', async () => {
    const machine = setup({
      types: { context: {} as { deep: { list: unknown[] } }, events: {} as { type: 'BAD' } },
    }).createMachine({
      context: { deep: { list: [] } },
      on: { BAD: { actions: assign({ deep: { list: [1, () => 1] } }) } },
    })
    const life = new Life(defineService({ id: 'bad', version: 1, machine }))
    const service = await life.start()
    await expect(service.send({ type: 'BAD' })).rejects.toThrow(UnencodableError)
    expect(life.failures[0]).toMatchObject({ path: ['root', 'snapshot', 'context', 'deep', 'list', 1] })
    await service.retry()
    expect(service.machine.getSnapshot().context.deep.list).toEqual([])
  })

  test('a damaged newest checkpoint is kept, and the last good one is a named choice', async () => {
    const store = memoryStore({ keep: 5 })
    const one = await createSupervisor({ store })
    const service = await one.start(counter())
    await service.send({ type: 'INC' })
    await one.close()
    const claim = await store.claim()
    const newest = await claim.load('counter')
    if (newest === undefined) throw new Error('nothing stored')
    const { epoch: _, ...request } = newest
    await claim.commit([
      { ...request, sequence: newest.sequence + 1, text: newest.text.replace('"n":1', '"n":7') },
    ])
    await claim.close()
    const two = await createSupervisor({ store, ...quiet })
    const again = await two.start(counter())
    expect(again.getSnapshot().context.failure).toMatchObject({ code: 'DAMAGED_CHECKPOINT', key: 'counter' })
    await expect(again.retry()).rejects.toMatchObject({ code: 'DAMAGED_CHECKPOINT' })
    expect((await (await store.read()).load('counter'))?.sequence).toBe(newest.sequence + 1)
    await again.retry({ lastGood: true })
    expect(again.machine.getSnapshot().context.n).toBe(1)
    expect(await (await store.read()).quarantined()).toMatchObject([
      { sequence: newest.sequence + 1, reason: expect.not.stringContaining('retry') },
    ])
    await again.send({ type: 'INC' })
    await two.close()
  })
})

describe('the end', () => {
  test('is told by the lifecycle and by the machine, after its effects', async () => {
    const store = memoryStore()
    const supervisor = await createSupervisor({ store })
    const service = await supervisor.start(counter())
    const ends: string[] = []
    service.machine.subscribe({ complete: () => void ends.push('machine') })
    service.subscribe({ complete: () => void ends.push('lifecycle') })
    await service.send({ type: 'END' })
    await toPromise(service.lifecycle)
    expect(service.getSnapshot().value).toBe('done')
    expect(service.machine.getSnapshot().status).toBe('done')
    expect(ends.sort()).toEqual(['lifecycle', 'machine'])
    expect((await (await store.read()).load('counter'))?.phase).toBe('done')
    await supervisor.close()
    const again = await (await createSupervisor({ store })).start(counter())
    expect(again.getSnapshot().value).toBe('done')
    expect(again.machine.getSnapshot().value).toBe('off')
  })

  test('of a stopped service is a rest: another start goes on', async () => {
    const clock = new ManualClock()
    const supervisor = await createSupervisor({ store: memoryStore(), clock })
    const service = await supervisor.start(counter())
    await service.send({ type: 'LATER' })
    await service.stop()
    expect(service.getSnapshot().value).toBe('stopped')
    const again = await supervisor.start(counter())
    expect(again).not.toBe(service)
    await clock.advance(1000)
    expect(again.machine.getSnapshot().value).toBe('on')
  })
})

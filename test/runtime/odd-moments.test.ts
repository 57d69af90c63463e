import { createSupervisor, defineService, type Service, type TaskScope, task } from 'tardigrade'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type AnyStateMachine, assign, fromPromise, fromTransition, setup } from 'xstate'
import { Alarm } from '../../src/runtime/alarm.js'
import { supervise } from '../../src/runtime/create-supervisor.js'
import { Handles } from '../../src/runtime/handles.js'
import { conductorOf } from '../../src/runtime/service.js'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { Life } from '../kit/kill.js'
import { counter } from './machines.js'

// biome-ignore lint/suspicious/noExplicitAny: the machines are of many kinds, and their types are not the point
type Config = any
const make = (config: Config, implementations: Config = {}): AnyStateMachine =>
  setup(implementations).createMachine(config)

/** A supervisor on a store and a clock that we hold. */
async function scene() {
  const [store, clock, failures] = [new FaultyStore(), new ManualClock(), [] as Error[]]
  const onFailed = (_: unknown, error: Error) => void failures.push(error)
  const supervisor = await createSupervisor({ store, clock, onFailed, onWarning: () => {} })
  return { store, clock, failures, supervisor }
}

test('a supervisor that cannot look on gives the store back, and tells why', async () => {
  const store = new FaultyStore()
  const opened = supervise({ store }, () => Promise.reject(new Error('no port')))
  await expect(opened).rejects.toThrow('no port')
  await expect(createSupervisor({ store })).resolves.toBeDefined()
})

test('a supervisor that closes while one sleeps leaves no timer', async () => {
  const { clock, supervisor } = await scene()
  const service = await supervisor.start(counter())
  await service.send({ type: 'LATER' })
  await settle()
  expect(supervisor.letGoIdle()).toBe(1)
  expect(clock.pending).toBeGreaterThan(0)
  await supervisor.close()
  expect(clock.pending).toBe(0)
})

test('those that sleep are woken by one timer, that of the earliest, whoever fell asleep first', async () => {
  const [clock, woken] = [new ManualClock(), [] as string[]]
  const alarm = new Alarm(clock, (key) => woken.push(key))
  alarm.set('late', clock.now() + 2000)
  alarm.set('never', undefined)
  alarm.set('early', clock.now() + 1000)
  expect(clock.pending).toBe(1)
  await clock.advance(1000)
  alarm.delete('early')
  expect([woken, clock.pending]).toEqual([['early'], 1])
  await clock.advance(1000)
  expect(woken).toEqual(['early', 'late'])
})

test('one that rests has nothing to run, whoever asks', async () => {
  const { supervisor, store } = await scene()
  const service = await supervisor.start(counter())
  await service.pause()
  await service.send({ type: 'ADD' })
  const { engine } = conductorOf(service)
  const written = store.batches.length
  engine.run(undefined)
  engine.goOn()
  await settle()
  expect([engine.tree, service.machine.getSnapshot().context.n]).toEqual([undefined, 0])
  expect(store.batches).toHaveLength(written)
  await service.resume()
  expect(service.machine.getSnapshot().context.n).toBe(1)
})

test('a task whose service has failed goes no further, though its step becomes durable', async () => {
  let burst: (error: Error) => void = () => {}
  let end = (_: number) => {}
  const ran: string[] = []
  const work = task(async ({ step }: TaskScope) => {
    await step(
      'one',
      () =>
        new Promise<number>((resolve) => {
          end = resolve
        }),
    )
    ran.push('after the step')
  })
  const act = () =>
    new Promise<void>((_, reject) => {
      burst = reject
    })
  const machine = make(
    { invoke: { src: 'work', id: 'work' }, on: { GO: { actions: 'act' } } },
    { actors: { work }, actions: { act } },
  )
  const { supervisor, store } = await scene()
  const service = await supervisor.start(defineService({ id: 'works', version: 1, machine }))
  await service.send({ type: 'GO' })
  await settle()
  store.shut()
  end(1)
  await settle()
  burst(new Error('burst'))
  await settle()
  store.open()
  await settle()
  expect([service.getSnapshot().value, ran]).toEqual(['failed', []])
})

test('to wake one that is awake changes nothing: its next life is no end of a sleep', async () => {
  const machine = make({ initial: 'on', states: { on: { after: { 1000: 'over' } }, over: {} } })
  const life = new Life(defineService({ id: 'awake', version: 1, machine, timers: 'remaining' }))
  const service = await life.start()
  conductorOf(service).awaken()
  await service.pause()
  life.clock.jump(5000)
  await service.resume()
  await life.clock.advance(999)
  expect(service.machine.getSnapshot().value).toBe('on')
  await life.clock.advance(1)
  expect(service.machine.getSnapshot().value).toBe('over')
})

test('a hold that is released before it is read holds nobody, and is told as what had held it', async () => {
  const machine = setup({
    types: { context: {} as { held: unknown }, events: {} as { type: 'BACK'; interruptions: string[] } },
  }).createMachine({
    context: { held: undefined },
    on: { BACK: { actions: assign({ held: ({ event }) => event.interruptions }) } },
  })
  const life = new Life(defineService({ id: 'held', version: 1, machine, resumedEvent: 'BACK' }))
  await (await life.start()).pause('upgrade')
  life.kill()
  const [supervisor] = [await createSupervisor({ store: life.store, clock: life.clock })]
  const starting = supervisor.start(life.definition, { key: 'life' })
  await Promise.resolve()
  const service = await new Promise<Service<typeof machine>>((resolve) => {
    const look = () => {
      const [one] = supervisor.services()
      // It is this definition's.
      if (one === undefined) queueMicrotask(look)
      else resolve(one as unknown as Service<typeof machine>)
    }
    look()
  })
  void service.resume('upgrade')
  await starting
  await service.settled()
  expect(service.getSnapshot()).toMatchObject({ value: 'running', context: { holds: [] } })
  expect(service.machine.getSnapshot().context.held).toEqual(['upgrade'])
})

describe('what the author’s data throws as it is read', () => {
  const trap = () => ({
    get inside() {
      throw new RangeError('a trap')
    },
  })

  test('in an event is told to its sender, costs nobody else, and frees its key', async () => {
    const { supervisor } = await scene()
    const service = await supervisor.start(counter())
    const sent = service.send({ type: 'ADD', ...{ data: trap() } }, { key: 'one' })
    await expect(sent).rejects.toMatchObject({ code: 'UNENCODABLE', cause: new RangeError('a trap') })
    await service.send({ type: 'ADD' }, { key: 'one' })
    expect(service.machine.getSnapshot().context.n).toBe(1)
    expect(service.getSnapshot().value).toBe('running')
  })

  test('in a logic of its own, as it is to be kept, is the machine’s failure', async () => {
    const { supervisor, failures } = await scene()
    const own = {
      ...fromTransition((n: number) => n, 0),
      getPersistedSnapshot: () => {
        throw new RangeError('a trap')
      },
    }
    const machine = make(
      { initial: 'off', states: { off: { on: { GO: 'on' } }, on: { invoke: { src: 'own', id: 'own' } } } },
      { actors: { own } },
    )
    const service = await supervisor.start(defineService({ id: 'trap', version: 1, machine }))
    const failure = { code: 'MACHINE_FAILED', service: 'trap', cause: new RangeError('a trap') }
    await expect(service.send({ type: 'GO' })).rejects.toMatchObject(failure)
    expect(failures).toMatchObject([failure])
  })
})

test('whoever asks for a service by one object keeps that one alone', () => {
  const handles = new Handles()
  const [one, another] = [{ key: 'k' }, { key: 'k' }] as unknown as [Service, Service]
  handles.add(one)
  handles.keep(one, true)
  // One that had the key before has nothing to take back.
  handles.keep(another, false)
  expect(handles.get('k')).toBe(one)
})

test('where nobody tells of what was collected, services are kept track of all the same', () => {
  vi.stubGlobal('FinalizationRegistry', undefined)
  onTestFinished(() => void vi.unstubAllGlobals())
  const handles = new Handles()
  const one = { key: 'k' } as unknown as Service
  handles.add(one)
  expect(handles.get('k')).toBe(one)
  handles.delete('k')
  expect(handles.get('k')).toBe(undefined)
})

describe('a round of checkpointing is over', () => {
  test('when the service fails while its tasks are waited for', async () => {
    let finish = () => {}
    let burst: (error: Error) => void = () => {}
    const machine = make(
      {
        type: 'parallel',
        invoke: { src: 'promise', id: 'promise' },
        states: { a: { invoke: { src: 'work', id: 'work' } } },
      },
      {
        actors: {
          work: task(async () => {
            await new Promise<void>((resolve) => {
              finish = resolve
            })
          }),
          promise: fromPromise(() => {
            return new Promise((_, reject) => {
              burst = reject
            })
          }),
        },
      },
    )
    const { supervisor, store, failures } = await scene()
    const service = await supervisor.start(defineService({ id: 'works', version: 1, machine }))
    await settle()
    const paused = service.pause()
    await settle()
    burst(new Error('burst'))
    await expect(paused).rejects.toThrow('burst')
    await settle()
    const written = store.batches.length
    finish()
    await settle()
    expect([service.getSnapshot().value, failures.length, store.batches.length]).toEqual([
      'failed',
      1,
      written,
    ])
  })

  test('when the machine has come to its end with that very commit', async () => {
    const { supervisor, store } = await scene()
    const service = await supervisor.start(counter())
    await settle()
    store.shut()
    const [ended, taken] = [service.send({ type: 'END' }), service.checkpoint()]
    await settle()
    store.open()
    await Promise.all([ended, taken.catch(() => {})])
    await settle()
    expect(service.getSnapshot()).toMatchObject({ value: 'done', status: 'done' })
  })
})

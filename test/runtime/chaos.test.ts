import fc from 'fast-check'
import { createSupervisor, defineService, type Service, withEventKey } from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import { memoryStore } from 'tardigrade/stores/memory'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  type AnyActorRef,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  assign,
  fromCallback,
  setup,
} from 'xstate'
import { chaosByEnvironment } from '../../src/runtime/chaos.js'
import { conductorOf } from '../../src/runtime/service.js'
import { firstDifference } from '../../src/testing/compare.js'
import { observe } from '../../src/testing/world/observe.js'
import { connection, type Done, type Event, family, flat, regions } from '../interruption/machines.js'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { Gate } from '../kit/gate.js'
import { counter, waiter } from './machines.js'

/*
 * Fault: after every event the service is gone, and another life of it begins.
 * Promise: senders and subscribers see nothing of it, but for what was kept beside the checkpoint.
 */

type Step = { readonly send: Event['type'] } | { readonly passMs: number }

const steps = fc.array(
  fc.oneof<{ weight: number; arbitrary: fc.Arbitrary<Step> }[]>(
    { weight: 5, arbitrary: fc.record({ send: fc.constantFrom<Event['type']>('A', 'B', 'C', 'D', 'E') }) },
    { weight: 2, arbitrary: fc.record({ passMs: fc.integer({ min: 1, max: 60 }) }) },
  ),
  { minLength: 1, maxLength: 12 },
)

/** What senders, subscribers and the outside see of a machine, with chaos or without. */
async function seen(make: (log: Done[]) => AnyStateMachine, chaos: boolean, taken: readonly Step[]) {
  const log: Done[] = []
  const store = new FaultyStore()
  const clock = new ManualClock()
  const supervisor = await createSupervisor({ store, clock, chaos })
  const definition = defineService({ id: 'seen', version: 1, machine: make(log) })
  const service = (await supervisor.start(definition, { key: 'a' })) as unknown as Service
  await settle()
  const heard: unknown[] = []
  service.machine.subscribe((snapshot) => {
    const { value, status } = snapshot as AnyMachineSnapshot
    heard.push([value, status])
  })
  service.machine.on('*', (event) => void heard.push(event))
  service.subscribe(({ value }) => void heard.push(value))
  const trace: unknown[] = []
  for (const step of taken) {
    if ('passMs' in step) await clock.advance(step.passMs)
    else await service.send({ type: step.send })
    // Right after the answer, as its sender looks, and when all has come to rest.
    trace.push((service.machine.getSnapshot() as AnyMachineSnapshot).value, service.getSnapshot().value)
    await settle()
    trace.push(observe(service))
  }
  await supervisor.close()
  return { trace, heard, done: log.map(({ what }) => what), lives: store.loaded.length }
}

describe.each(Object.entries({ flat, regions, family, connection }))('chaos in the machine %s', (_, make) => {
  test('shows nothing of itself to senders, subscribers and the outside', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const calm = await seen(make, false, taken)
        const chaos = await seen(make, true, taken)
        expect(firstDifference(calm.trace, chaos.trace)).toBeUndefined()
        expect(chaos.heard).toEqual(calm.heard)
        expect(chaos.done).toEqual(calm.done)
        expect([calm.lives, chaos.lives]).toEqual([1, 1 + taken.filter((step) => 'send' in step).length])
      }),
      { numRuns: 40 },
    )
  })
})

describe('what is kept beside the checkpoint is found', () => {
  async function counted(machine: AnyStateMachine, chaos: boolean) {
    const supervisor = await createSupervisor({ store: memoryStore(), chaos })
    const service = await supervisor.start(defineService({ id: 'counted', version: 1, machine }))
    for (const type of ['ADD', 'ADD', 'ADD']) {
      await service.send({ type })
      await settle()
    }
    const { n } = (service.machine.getSnapshot() as AnyMachineSnapshot).context
    await supervisor.close()
    return n
  }

  test('state in the closure of a callback', async () => {
    const tally = fromCallback<{ type: 'ADD' }>(({ sendBack, receive }) => {
      let n = 0
      receive(() => sendBack({ type: 'SUM', n: ++n }))
    })
    const machine = () =>
      setup({
        types: { context: {} as { n: number }, events: {} as { type: 'ADD' } | { type: 'SUM'; n: number } },
        actors: { tally },
        actions: {
          add: ({ self }) => (self.getSnapshot() as AnyMachineSnapshot).children.tally?.send({ type: 'ADD' }),
        },
      }).createMachine({
        context: { n: 0 },
        invoke: { src: 'tally', id: 'tally' },
        on: { ADD: { actions: 'add' }, SUM: { actions: assign({ n: ({ event }) => event.n }) } },
      })
    expect([await counted(machine(), false), await counted(machine(), true)]).toEqual([3, 1])
  })

  test('state by the identity of an actor', async () => {
    const counts = new WeakMap<AnyActorRef, number>()
    const machine = () =>
      setup({ types: { context: {} as { n: number } } }).createMachine({
        context: { n: 0 },
        on: {
          ADD: {
            actions: assign(({ self }) => {
              counts.set(self, (counts.get(self) ?? 0) + 1)
              return { n: counts.get(self) ?? 0 }
            }),
          },
        },
      })
    expect([await counted(machine(), false), await counted(machine(), true)]).toEqual([3, 1])
  })
})

describe('who awaits nothing but the answers of a service', () => {
  /** A machine that counts its events in its snapshot and, against the rules, beside it, of the actor that each life is. */
  const machine = (act: () => unknown) => {
    const counts = new WeakMap<AnyActorRef, number>()
    return setup({
      types: { context: {} as { n: number }, events: {} as { type: 'ADD' } },
      actions: { act },
    }).createMachine({
      context: { n: 0 },
      on: {
        ADD: {
          actions: [
            assign(({ self }) => {
              counts.set(self, (counts.get(self) ?? 0) + 1)
              return { n: counts.get(self) ?? 0 }
            }),
            'act',
          ],
        },
      },
    })
  }
  async function begun(act: () => unknown) {
    const supervisor = await createSupervisor({ store: memoryStore(), chaos: true })
    const definition = defineService({ id: 'counted', version: 1, machine: machine(act) })
    return { supervisor, service: await supervisor.start(definition) }
  }
  const count = ({ service }: Awaited<ReturnType<typeof begun>>) => service.machine.getSnapshot().context.n

  test('has each event come to another life', async () => {
    const life = await begun(() => {})
    for (let sent = 0; sent < 50; sent++) {
      await life.service.send({ type: 'ADD' })
      expect(count(life)).toBe(1)
    }
    await life.supervisor.close()
  })

  test('an effect that takes its time has the answer come first, and `settled` waits for the other life', async () => {
    const gate = new Gate()
    gate.shut()
    const life = await begun(() => gate.pass())
    await life.service.send({ type: 'ADD' })
    await life.service.send({ type: 'ADD' })
    expect(count(life)).toBe(2)
    const settled = life.service.settled()
    gate.open()
    await settled
    await life.service.send({ type: 'ADD' })
    expect(count(life)).toBe(1)
    await life.supervisor.close()
  })

  test('an effect that waits for the answer to an event of its own gets it', async () => {
    const answers: string[] = []
    const life = await begun(async () => {
      if (answers.push('asked') > 1) return
      await life.service.send({ type: 'ADD' })
      answers.push('answered')
    })
    await life.service.send({ type: 'ADD' })
    await life.service.settled()
    expect(answers).toEqual(['asked', 'asked', 'answered'])
    await life.supervisor.close()
  })
})

describe('between two lives', () => {
  /** A service of which another life is about to be read, and waits for the store. */
  async function between() {
    const store = new FaultyStore()
    const clock = new ManualClock()
    const host = manualHost()
    const failures: string[] = []
    const onFailed = (_: unknown, error: Error) => void failures.push(error.message)
    const supervisor = await createSupervisor({ store, clock, host: host.host, chaos: true, onFailed })
    const log: string[] = []
    const service = await supervisor.start(counter(log))
    await settle()
    store.loads.shut()
    // Its answer waits for the other life.
    void service.send({ type: 'INC' })
    await settle()
    expect(conductorOf(service as unknown as Service).engine.tree).toBeUndefined()
    return { store, clock, host, supervisor, service, log, failures }
  }
  const stateOf = ({ service }: Awaited<ReturnType<typeof between>>) => [
    service.getSnapshot().value,
    service.machine.getSnapshot().context.n,
  ]

  test('an event is applied before it is answered, in its order', async () => {
    const life = await between()
    expect(stateOf(life)).toEqual(['running', 1])
    const answers = [life.service.send({ type: 'INC', by: 10 }), life.service.send({ type: 'INC', by: 100 })]
    life.store.loads.open()
    await answers[0]
    expect(life.service.machine.getSnapshot().context.n).toBe(111)
    await Promise.all(answers)
    expect(life.log).toEqual(['n=1', 'n=11', 'n=111'])
  })

  test('a pause, a stop and a checkpoint wait until it is back', async () => {
    for (const ask of ['pause', 'stop', 'checkpoint'] as const) {
      const life = await between()
      const asked = life.service[ask]()
      await settle()
      life.store.loads.open()
      await asked
      const rests = { pause: 'paused', stop: 'stopped', checkpoint: 'running' }
      expect(stateOf(life)).toEqual([rests[ask], 1])
      expect(life.failures).toEqual([])
    }
  })

  test('a host’s hold and the closing of the supervisor find it back', async () => {
    const life = await between()
    const held = life.host.interrupt('offline')
    const sent = life.service.send({ type: 'INC' })
    life.store.loads.open()
    await Promise.all([held, sent])
    await life.host.release('offline')
    await settle()
    expect(stateOf(life)).toEqual(['running', 2])
    life.store.loads.shut()
    void life.service.send({ type: 'INC' })
    await settle()
    const closed = life.supervisor.close()
    life.store.loads.open()
    expect(await closed).toEqual({ safe: ['counter'], unsafe: [] })
    expect(life.failures).toEqual([])
  })

  test('a store that cannot be read fails the service, and a retry goes on', async () => {
    const life = await between()
    life.store.loadFailure = () => new Error('unplugged')
    life.store.loads.open()
    await settle()
    expect(life.service.getSnapshot().value).toBe('failed')
    expect(life.failures).toEqual([expect.stringContaining('unplugged')])
    life.store.loadFailure = () => undefined
    await life.service.retry()
    expect(stateOf(life)).toEqual(['running', 1])
  })

  test('a checkpoint that was asked for before it failed is not taken any more', async () => {
    const life = await between()
    const asked = life.service.checkpoint()
    await settle()
    conductorOf(life.service as unknown as Service).failWith(new Error('unplugged'))
    await expect(asked).rejects.toThrow('unplugged')
    const written = life.store.batches.length
    life.store.loads.open()
    await settle()
    expect([life.service.getSnapshot().value, life.store.batches.length]).toEqual(['failed', written])
  })

  test('a failure that comes meanwhile stays one: what was read does not run for that', async () => {
    const life = await between()
    const conductor = conductorOf(life.service as unknown as Service)
    conductor.failWith(new Error('unplugged'))
    life.store.loads.open()
    await settle()
    expect(stateOf(life)).toEqual(['failed', 1])
    expect([conductor.engine.tree?.started ?? false, life.log]).toEqual([false, ['n=1']])
    await life.service.retry()
    expect(stateOf(life)).toEqual(['running', 1])
  })
})

test('tasks go on from their last step, and timers keep their time', async () => {
  const clock = new ManualClock()
  const { definition, trace, go } = waiter()
  const supervisor = await createSupervisor({ store: memoryStore(), clock, chaos: true })
  const service = await supervisor.start(definition)
  await settle()
  go()
  await settle()
  expect(trace).toEqual(['begin 0', 'end 0', 'begin 1'])
  await service.send({ type: 'ANY' } as never)
  await settle()
  expect(trace.filter((line) => line !== 'cleanup')).toEqual([
    'begin 0',
    'end 0',
    'begin 1',
    'end 1',
    'begin 1',
  ])

  const timed = await supervisor.start(counter())
  await timed.send({ type: 'LATER' })
  await settle()
  await clock.advance(999)
  expect(timed.machine.getSnapshot().value).toBe('later')
  await clock.advance(1)
  expect(timed.machine.getSnapshot().value).toBe('on')
  const closed = supervisor.close()
  await settle()
  go()
  await closed
})

test('what a callback sends whenever it starts is no endless chaos', async () => {
  let starts = 0
  const hello = fromCallback(({ sendBack }) => {
    starts++
    sendBack({ type: 'HELLO' })
    sendBack(withEventKey({ type: 'ONCE' }, 'once'))
  })
  const machine = setup({ actors: { hello } }).createMachine({
    invoke: { src: 'hello', id: 'hello' },
    on: { HELLO: {}, ONCE: {}, GO: {} },
  })
  const supervisor = await createSupervisor({ store: memoryStore(), chaos: true })
  const service = await supervisor.start(defineService({ id: 'hello', version: 1, machine }))
  for (const sent of [1, 2]) {
    await service.send({ type: 'GO' })
    await settle()
    expect(starts).toBe(1 + sent)
  }
  await supervisor.close()
})

test('an event that ends the machine is the last', async () => {
  const store = new FaultyStore()
  const supervisor = await createSupervisor({ store, chaos: true })
  const service = await supervisor.start(counter())
  await service.send({ type: 'END' })
  await settle()
  expect(service.getSnapshot().value).toBe('done')
  expect(store.loaded).toEqual(['counter'])
  await supervisor.close()
})

describe('the switch in the environment', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.unstubAllGlobals()
  })

  async function livesAfter(options: { readonly chaos?: boolean } = {}) {
    const store = new FaultyStore()
    const supervisor = await createSupervisor({ store, ...options })
    await (await supervisor.start(counter())).send({ type: 'INC' })
    await settle()
    await supervisor.close()
    return store.loaded.length
  }

  test('is TARDIGRADE_CHAOS=1, and the option outranks it', async () => {
    vi.stubEnv('TARDIGRADE_CHAOS', '')
    expect(await livesAfter()).toBe(1)
    vi.stubEnv('TARDIGRADE_CHAOS', '1')
    expect(await livesAfter()).toBe(2)
    expect(await livesAfter({ chaos: false })).toBe(1)
    vi.stubEnv('TARDIGRADE_CHAOS', '0')
    expect(await livesAfter()).toBe(1)
    expect(await livesAfter({ chaos: true })).toBe(2)
  })

  test.each([
    ['1', true],
    ['true', true],
    ['Yes', true],
    ['on', true],
    ['', false],
    ['0', false],
    ['false', false],
    ['NO', false],
    ['off', false],
  ])('%j means %s', (word, on) => {
    vi.stubEnv('TARDIGRADE_CHAOS', word)
    expect(chaosByEnvironment()).toBe(on)
  })

  test('is refused with another word before the store is claimed, unless the option is there', async () => {
    vi.stubEnv('TARDIGRADE_CHAOS', 'maybe')
    const store = memoryStore()
    const refused = await createSupervisor({ store }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'INVALID_OPTION', option: 'TARDIGRADE_CHAOS' })
    expect(String(refused)).toMatch(/TARDIGRADE_CHAOS is maybe\. Give one of 0 false no off 1 true yes on/)
    expect(await livesAfter({ chaos: true })).toBe(2)
    vi.stubEnv('TARDIGRADE_CHAOS', '0')
    await (await createSupervisor({ store })).close()
  })

  test.each([undefined, {}])('is off where there is no environment, as in a browser: %j', (process) => {
    vi.stubGlobal('process', process)
    const asked = chaosByEnvironment()
    vi.unstubAllGlobals()
    expect(asked).toBe(false)
  })
})

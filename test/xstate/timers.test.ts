import { defineService, type Service, type ServiceOptions } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import {
  type AnyStateMachine,
  assign,
  cancel,
  enqueueActions,
  raise,
  sendParent,
  sendTo,
  setup,
  stopChild,
} from 'xstate'
import { type Timer, Timers } from '../../src/xstate/timers.js'
import { ManualClock } from '../kit/clock.js'
import { Life } from '../kit/kill.js'
import { stored } from '../kit/stored.js'

type Options = Partial<ServiceOptions<AnyStateMachine>>

const lifeOf = <T extends AnyStateMachine>(machine: T, options: Options = {}) =>
  new Life(defineService({ id: 'timers', version: 1, ...options, machine } as ServiceOptions<T>))

const heard = (service: Service<AnyStateMachine>): unknown => service.machine.getSnapshot().context.heard

/** Hears of named events, and when: each is set to come at its own time. */
const ringer = setup({
  types: {
    context: {} as { heard: string[] },
    events: {} as
      | { type: 'SET'; id: string; delay: number }
      | { type: 'CANCEL'; id: string }
      | { type: 'RING'; id: string },
  },
  actions: {
    hear: assign({
      heard: ({ context, event }) => [...context.heard, event.type === 'RING' ? event.id : event.type],
    }),
    set: enqueueActions(({ event, enqueue }) => {
      if (event.type !== 'SET') return
      enqueue.raise({ type: 'RING', id: event.id }, { id: event.id, delay: event.delay })
    }),
  },
}).createMachine({
  id: 'ringer',
  context: { heard: [] },
  on: {
    SET: { actions: 'set' },
    RING: { actions: 'hear' },
    CANCEL: { actions: cancel(({ event }) => event.id) },
  },
})

describe('the three policies', () => {
  /** 100 ms, of which 30 pass before the interruption and 50 during it: what is left afterwards? */
  const left = { deadline: 20, remaining: 70, restart: 100 } as const

  const interruptions: Record<string, (life: Life<AnyStateMachine>, service: Service) => Promise<Service>> = {
    pause: async (life, service) => {
      await service.pause()
      life.clock.jump(50)
      await service.resume()
      return service
    },
    kill: async (life) => {
      life.kill()
      life.clock.jump(50)
      return (await life.start()) as Service
    },
    stop: async (life, service) => {
      await service.stop()
      life.clock.jump(50)
      return (await life.start()) as Service
    },
  }

  for (const [policy, expected] of Object.entries(left)) {
    for (const [how, interrupt] of Object.entries(interruptions)) {
      test(`${policy}: a ${how} leaves ${expected} of 100 ms`, async () => {
        const life = lifeOf(ringer, { timers: policy as 'deadline' }) as unknown as Life<AnyStateMachine>
        let service = await life.start()
        await service.send({ type: 'SET', id: 'x', delay: 100 })
        await life.clock.advance(30)
        // What was left is known to a checkpoint, so it takes one: a kill has no time for it.
        await service.checkpoint()
        service = await interrupt(life, service)
        expect(heard(service)).toEqual([])
        await life.clock.advance(expected - 1)
        expect(heard(service)).toEqual([])
        await life.clock.advance(1)
        expect(heard(service)).toEqual(['x'])
        await life.clock.advance(1000)
        expect(heard(service)).toEqual(['x'])
      })
    }
  }

  test('deadline: past at resume, it fires at once', async () => {
    const life = lifeOf(ringer)
    const service = await life.start()
    await service.send({ type: 'SET', id: 'x', delay: 100 })
    await service.pause()
    life.clock.jump(86_400_000)
    await service.resume()
    expect(heard(service)).toEqual(['x'])
  })

  test('remaining: a kill knows what was left at the last checkpoint', async () => {
    const life = lifeOf(ringer, { timers: 'remaining' })
    await (await life.start()).send({ type: 'SET', id: 'x', delay: 100 })
    await life.clock.advance(30)
    const service = await life.restart()
    await life.clock.advance(99)
    expect(heard(service)).toEqual([])
    await life.clock.advance(1)
    expect(heard(service)).toEqual(['x'])
  })

  test('remaining: several interruptions use up no time', async () => {
    const life = lifeOf(ringer, { timers: 'remaining' })
    let service = await life.start()
    await service.send({ type: 'SET', id: 'x', delay: 100 })
    for (let round = 0; round < 9; round++) {
      await life.clock.advance(11)
      await service.pause()
      life.clock.jump(1000)
      await service.resume()
      if (round === 4) {
        life.kill()
        service = await life.start()
      }
    }
    expect(heard(service)).toEqual([])
    await life.clock.advance(1)
    expect(heard(service)).toEqual(['x'])
  })

  test('an explicit checkpoint is no interruption: it neither stops nor restarts a timer', async () => {
    for (const timers of ['deadline', 'remaining', 'restart'] as const) {
      const life = lifeOf(ringer, { timers })
      const service = await life.start()
      await service.send({ type: 'SET', id: 'x', delay: 100 })
      await life.clock.advance(60)
      await service.checkpoint()
      await life.clock.advance(40)
      expect(heard(service)).toEqual(['x'])
    }
  })

  test('a clock set back: a deadline waits for its time, what remained remains', async () => {
    for (const [timers, waits] of [
      ['deadline', 1100],
      ['remaining', 100],
      ['restart', 100],
    ] as const) {
      const life = lifeOf(ringer, { timers })
      const service = await life.start()
      await service.send({ type: 'SET', id: 'x', delay: 100 })
      await service.pause()
      life.clock.jump(-1000)
      await service.resume()
      await life.clock.advance(waits - 1)
      expect(heard(service)).toEqual([])
      await life.clock.advance(1)
      expect(heard(service)).toEqual(['x'])
    }
  })

  test('are chosen by the name of a delay, by the id of a delayed event, and by default', async () => {
    const child = setup({}).createMachine({
      initial: 'w',
      states: { w: { after: { 100: 'd' } }, d: { type: 'final' } },
    })
    const machine = setup({ actors: { child }, delays: { nap: 100 } }).createMachine({
      type: 'parallel',
      states: {
        nap: { initial: 'w', states: { w: { after: { nap: 'd' } }, d: {} } },
        number: { initial: 'w', states: { w: { after: { 99: 'd' } }, d: {} } },
        // An author's own id of a state may hold dots; the delay before it must still be found.
        dots: { initial: 'w', states: { w: { id: 'x.nap.y', after: { 100: 'd' } }, d: {} } },
        raised: {
          entry: raise({ type: 'R' }, { delay: 100, id: 'r' }),
          initial: 'w',
          states: { w: { on: { R: 'd' } }, d: {} },
        },
        sent: {
          entry: sendTo(({ self }) => self, { type: 'S' }, { delay: 100, id: 'constructor' }),
          initial: 'w',
          states: { w: { on: { S: 'd' } }, d: {} },
        },
        kid: { initial: 'w', states: { w: { invoke: { src: 'child', onDone: 'd' } }, d: {} } },
      },
    })
    const timers = { nap: 'remaining', 99: 'restart', r: 'restart', default: 'deadline' } as const
    const definition = defineService({ id: 'timers', version: 1, machine, timers })
    const life = new Life(definition)
    const service = await life.start()
    await service.settled()
    const record = await stored(life.store, definition, 'life')
    const policies = Object.fromEntries(
      record.timers.map(({ id, policy }) => [id.replace('(machine).', ''), policy]),
    )
    expect(policies).toEqual({
      'xstate.after.nap.nap.w': 'remaining',
      'xstate.after.99.number.w': 'restart',
      'xstate.after.100.x.nap.y': 'deadline',
      r: 'restart',
      constructor: 'deadline',
      'xstate.after.100.w': 'deadline',
    })
  })
})

describe('order', () => {
  test('what was due while nobody was there fires in the order in which it was due, whoever set it', async () => {
    type Heard = { heard: string[] }
    const child = setup({
      types: { context: {} as { n: number }, input: {} as { n: number; delays: number[] } },
    }).createMachine({
      context: ({ input }) => ({ n: input.n }),
      entry: enqueueActions(({ enqueue, event }) => {
        const { input } = event as unknown as { input: { n: number; delays: number[] } }
        for (const delay of input.delays)
          enqueue.raise({ type: 'T', delay } as never, { delay, id: `t${delay}` })
      }),
      on: {
        T: {
          actions: sendParent(({ context, event }) => ({
            type: 'HEAR',
            what: `kid${context.n} ${(event as { delay?: number }).delay}`,
          })),
        },
      },
    })
    const machine = setup({
      types: { context: {} as Heard, events: {} as { type: 'HEAR'; what: string } },
      actors: { child },
    }).createMachine({
      context: { heard: [] },
      invoke: [
        { src: 'child', id: 'a', input: { n: 1, delays: [50, 10, 30] } },
        { src: 'child', id: 'b', input: { n: 2, delays: [40, 20, 30] } },
      ],
      entry: raise({ type: 'HEAR', what: 'root 30' }, { delay: 30, id: 'own' }),
      on: { HEAR: { actions: assign({ heard: ({ context, event }) => [...context.heard, event.what] }) } },
    })
    const expected = ['kid1 10', 'kid2 20', 'kid1 30', 'kid2 30', 'root 30', 'kid2 40', 'kid1 50']
    const live = lifeOf(machine)
    const awake = await live.start()
    await live.clock.advance(60)
    // Invocations begin before the root's own entry has raised anything, or after: XState's order holds.
    const order = heard(awake) as string[]
    expect([...order].sort()).toEqual([...expected].sort())

    const life = lifeOf(machine)
    await life.start()
    life.kill()
    life.clock.jump(1000)
    expect(heard(await life.start())).toEqual(order)
  })

  test('a timer that fires at resume may cancel or set anew those after it', async () => {
    const machine = setup({
      types: { context: {} as { heard: string[] } },
      actions: { hear: assign({ heard: ({ context, event }) => [...context.heard, event.type] }) },
    }).createMachine({
      context: { heard: [] },
      entry: [
        raise({ type: 'ONE' }, { delay: 10, id: 'one' }),
        raise({ type: 'TWO' }, { delay: 20, id: 'two' }),
        raise({ type: 'THREE' }, { delay: 30, id: 'three' }),
      ],
      on: {
        ONE: { actions: ['hear', cancel('two'), raise({ type: 'THREE' }, { delay: 500, id: 'three' })] },
        '*': { actions: 'hear' },
      },
    })
    const life = lifeOf(machine)
    await life.start()
    life.kill()
    life.clock.jump(100)
    const service = await life.start()
    expect(heard(service)).toEqual(['ONE'])
    await life.clock.advance(500)
    expect(heard(service)).toEqual(['ONE', 'THREE'])
  })

  test('events of the inbox and due timers come in the order of their times', async () => {
    const life = lifeOf(ringer)
    const service = await life.start()
    for (const delay of [100, 200, 300]) await service.send({ type: 'SET', id: `at ${delay}`, delay })
    await service.pause()
    life.clock.jump(150)
    await service.send({ type: 'RING', id: 'sent at 150' })
    life.clock.jump(100)
    await service.send({ type: 'CANCEL', id: 'at 300' })
    await service.send({ type: 'RING', id: 'sent at 250' })
    life.clock.jump(1000)
    await service.resume()
    expect(heard(service)).toEqual(['at 100', 'sent at 150', 'at 200', 'sent at 250'])
  })

  test('so they do in another process, when the one that held them was killed', async () => {
    const life = lifeOf(ringer)
    let service = await life.start()
    for (const delay of [100, 200]) await service.send({ type: 'SET', id: `at ${delay}`, delay })
    await service.pause()
    life.clock.jump(150)
    await service.send({ type: 'RING', id: 'sent at 150' })
    life.clock.jump(1000)
    life.kill()
    service = await life.start()
    expect(service.getSnapshot().value).toBe('paused')
    await service.resume()
    expect(heard(service)).toEqual(['at 100', 'sent at 150', 'at 200'])
  })

  test('a delay of zero waits for its turn, as in XState', async () => {
    const life = lifeOf(ringer)
    const service = await life.start()
    await service.send({ type: 'SET', id: 'zero', delay: 0 })
    expect(heard(service)).toEqual([])
    await life.clock.advance(0)
    expect(heard(service)).toEqual(['zero'])
  })
})

describe('delays of any size', () => {
  const dayMs = 86_400_000

  test('a delay beyond 2^31 ms is waited for to the millisecond', async () => {
    const life = lifeOf(ringer)
    const service = await life.start()
    await service.send({ type: 'SET', id: 'x', delay: 60 * dayMs + 1 })
    await life.clock.advance(60 * dayMs)
    expect(heard(service)).toEqual([])
    await life.clock.advance(1)
    expect(heard(service)).toEqual(['x'])
  })

  test('no platform timer is ever asked for more than it can', async () => {
    const clock = new ManualClock()
    const asked: number[] = []
    const setTimer = clock.setTimer.bind(clock)
    clock.setTimer = (run, delayMs) => {
      asked.push(delayMs)
      return setTimer(run, delayMs)
    }
    const life = new Life(defineService({ id: 'timers', version: 1, machine: ringer }), undefined, { clock })
    const service = await life.start()
    await service.send({ type: 'SET', id: 'x', delay: 100 * dayMs })
    await clock.advance(100 * dayMs)
    expect(heard(service)).toEqual(['x'])
    expect(asked.length).toBeGreaterThan(3)
    expect(asked.filter((delayMs) => !(delayMs <= 2 ** 31 - 1))).toEqual([])
  })

  test.each([-1, Number.NEGATIVE_INFINITY, Number.NaN])('a delay of %s is none', async (delay) => {
    const life = lifeOf(ringer)
    let service = await life.start()
    await service.send({ type: 'SET', id: 'x', delay })
    service = await life.restart()
    await life.clock.advance(0)
    expect(heard(service)).toEqual(['x'])
  })

  test.each([Number.POSITIVE_INFINITY, Number.MAX_VALUE])(
    'a delay of %s never ends, and is kept',
    async (delay) => {
      const life = lifeOf(ringer, { timers: 'remaining' })
      let service = await life.start()
      await service.send({ type: 'SET', id: 'x', delay })
      await service.send({ type: 'SET', id: 'y', delay: 5 })
      await life.clock.advance(10)
      service = await life.restart()
      life.clock.jump(100 * 365 * dayMs)
      await life.clock.advance(60_000)
      expect(life.failures).toEqual([])
      expect(heard(service)).toEqual(['y'])
      await service.send({ type: 'CANCEL', id: 'x' })
      await service.send({ type: 'SET', id: 'z', delay: 5 })
      await life.clock.advance(5)
      expect(heard(service)).toEqual(['y', 'z'])
    },
  )
})

describe('ends of timers', () => {
  test('a cancelled one is gone after a restart too, and the others stay', async () => {
    const life = lifeOf(ringer)
    let service = await life.start()
    for (const id of ['x', 'y', 'z']) await service.send({ type: 'SET', id, delay: 50 })
    service = await life.restart()
    await service.send({ type: 'CANCEL', id: 'y' })
    service = await life.restart()
    await life.clock.advance(100)
    expect(heard(service)).toEqual(['x', 'z'])
  })

  test('set again under its id, it begins anew', async () => {
    const life = lifeOf(ringer)
    const service = await life.start()
    await service.send({ type: 'SET', id: 'x', delay: 50 })
    await life.clock.advance(40)
    await service.send({ type: 'SET', id: 'x', delay: 50 })
    await life.clock.advance(49)
    expect(heard(service)).toEqual([])
    await life.clock.advance(1)
    expect(heard(service)).toEqual(['x'])
  })

  test('a state entered again begins its `after` anew; a state left takes it along', async () => {
    const machine = setup({}).createMachine({
      initial: 'a',
      states: {
        a: {
          after: { 100: 'b' },
          on: { AGAIN: { target: 'a', reenter: true }, STAY: { target: 'a' }, LEAVE: 'c' },
        },
        b: {},
        c: { on: { BACK: 'a' } },
      },
    })
    const life = lifeOf(machine)
    let service = await life.start()
    await life.clock.advance(90)
    await service.send({ type: 'AGAIN' })
    service = await life.restart()
    await life.clock.advance(90)
    expect(service.machine.getSnapshot().value).toBe('a')
    await service.send({ type: 'LEAVE' })
    service = await life.restart()
    await life.clock.advance(1000)
    expect(service.machine.getSnapshot().value).toBe('c')
    await service.send({ type: 'BACK' })
    await life.clock.advance(99)
    expect(service.machine.getSnapshot().value).toBe('a')
    await life.clock.advance(1)
    expect(service.machine.getSnapshot().value).toBe('b')
  })

  const kid = setup({}).createMachine({
    initial: 'on',
    states: { on: { after: { 50: 'off' }, on: { END: 'end' } }, off: {}, end: { type: 'final' } },
  })
  const parent = setup({
    actors: { kid },
    types: { context: {} as { heard: string[] } },
    actions: { hear: assign({ heard: ({ context, event }) => [...context.heard, event.type] }) },
  }).createMachine({
    id: 'parent',
    context: { heard: [] },
    initial: 'with',
    states: {
      with: {
        invoke: { src: 'kid', id: 'kid' },
        on: {
          LATER: { actions: sendTo('kid', { type: 'END' }, { delay: 20, id: 'later' }) },
          END: { actions: sendTo('kid', { type: 'END' }) },
          STOP: { actions: stopChild('kid') },
          LEAVE: 'without',
        },
      },
      without: { on: { ENTER: 'with' } },
    },
    on: { '*': { actions: 'hear' } },
  })

  test.each<[string, string[]]>([
    // A child that came to its end by itself is still there, and XState still sends to it.
    ['END', ['later']],
    ['STOP', []],
    ['LEAVE', []],
  ])('those of an actor that ended go with it: %s', async (type, left) => {
    const definition = defineService({ id: 'timers', version: 1, machine: parent })
    const life = new Life(definition)
    const service = await life.start()
    await service.send({ type: 'LATER' })
    expect((await stored(life.store, definition, 'life')).timers).toHaveLength(2)
    await service.send({ type })
    await service.settled()
    const { timers } = await stored(life.store, definition, 'life')
    expect(timers.map(({ id }) => id)).toEqual(left)
    // Nor does this life wait for what the next one would not.
    expect(life.clock.pending).toBe(left.length)
    const again = await life.restart()
    await life.clock.advance(1000)
    expect(again.getSnapshot().value).toBe('running')
    expect(life.failures).toEqual([])
  })

  test('a successor under the same id gets nothing of them', async () => {
    const life = lifeOf(parent)
    let service = await life.start()
    await life.clock.advance(40)
    await service.send({ type: 'LATER' })
    await service.send({ type: 'LEAVE' })
    await service.send({ type: 'ENTER' })
    service = await life.restart()
    await life.clock.advance(49)
    const child = () => service.machine.getSnapshot().children.kid?.getSnapshot().value
    expect(child()).toBe('on')
    await life.clock.advance(1)
    expect(child()).toBe('off')
  })

  test('a message on its way to a child is delivered in a later life', async () => {
    const life = lifeOf(parent)
    const service = await life.start()
    await service.send({ type: 'LATER' })
    const again = await life.restart()
    await life.clock.advance(20)
    expect(again.machine.getSnapshot().children.kid?.getSnapshot().status).toBe('done')
  })
})

describe('the scheduler by itself', () => {
  const actor = (id: string) => ({ sessionId: id, id }) as unknown as Timer['source']
  const make = () => {
    const clock = new ManualClock(0)
    const fired: string[] = []
    const timers = new Timers(clock, ({ id }) => void fired.push(id))
    return { clock, fired, timers, a: actor('a'), b: actor('b') }
  }
  const event = { type: 'E' }

  test('sets one platform timer at a time, and none when nothing waits', async () => {
    const { clock, fired, timers, a } = make()
    timers.start()
    expect(clock.pending).toBe(0)
    for (const delay of [30, 10, 20]) timers.schedule(a, a, event, delay, `t${delay}`)
    expect(clock.pending).toBe(1)
    await clock.advance(10)
    expect(fired).toEqual(['t10'])
    expect(clock.pending).toBe(1)
    timers.cancel(a, 't20')
    await clock.advance(10)
    expect(fired).toEqual(['t10'])
    timers.cancelAll(a)
    expect(clock.pending).toBe(0)
    expect([...timers.all()]).toEqual([])
  })

  test('fires nothing before it is started and after it is stopped', async () => {
    const { clock, fired, timers, a } = make()
    timers.schedule(a, a, event, 10, 'x')
    await clock.advance(50)
    expect(fired).toEqual([])
    timers.start()
    await clock.advance(0)
    expect(fired).toEqual(['x'])
    timers.schedule(a, a, event, 10, 'y')
    timers.stop()
    await clock.advance(50)
    expect(fired).toEqual(['x'])
    expect(clock.pending).toBe(0)
  })

  test('keeps the timers of two actors apart, though they have one id', async () => {
    const { clock, fired, timers, a, b } = make()
    timers.start()
    timers.schedule(a, a, event, 10, 'x')
    timers.schedule(b, b, event, 10, 'x')
    timers.cancel(a, 'x')
    expect([...timers.all()]).toHaveLength(1)
    timers.schedule(a, a, event, 10, 'y')
    timers.cancelAll(b)
    await clock.advance(10)
    expect(fired).toEqual(['y'])
  })

  test('gives unnamed timers names that come again in the same history, and clash with none that was kept', () => {
    const names = (kept: readonly string[]) => {
      const { timers, a } = make()
      for (const id of kept) timers.adopt({ source: a, target: a, event, id, delayMs: 1, dueAtMs: 1 })
      timers.schedule(a, a, event, 10)
      timers.schedule(a, a, event, 10)
      return [...timers.all()].map(({ id }) => id).slice(kept.length)
    }
    const first = names([])
    expect(names([])).toEqual(first)
    const later = names(first)
    expect(new Set([...first, ...later]).size).toBe(4)
  })

  test('one that is set while those of its time fire waits for its own turn', async () => {
    const clock = new ManualClock(0)
    const fired: string[] = []
    const a = actor('a')
    const timers: Timers = new Timers(clock, ({ id }) => {
      fired.push(id)
      if (id === 'one') timers.schedule(a, a, event, 0, 'child of one')
    })
    timers.schedule(a, a, event, 10, 'one')
    timers.schedule(a, a, event, 10, 'two')
    timers.start()
    await clock.advance(10)
    expect(fired).toEqual(['one', 'two', 'child of one'])
  })
})

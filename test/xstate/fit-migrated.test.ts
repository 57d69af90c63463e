import { defineService, type MigrationSnapshot, type Migrations, renameIds } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { type AnyStateMachine, assign, fromPromise, raise, setup } from 'xstate'
import { Life } from '../kit/kill.js'

// biome-ignore lint/suspicious/noExplicitAny: machines of every shape, one for each version
type Config = any
const make = (config: Config, implementations: Config = {}): AnyStateMachine =>
  setup(implementations).createMachine({ id: 'm', ...config })

const definition = (version: number, machine: AnyStateMachine, migrations: Migrations = {}) =>
  defineService({ id: 's', version, machine, migrations, resumedEvent: 'RESUMED' })

/** A service that rests as version 1 has it, and what becomes of it as version 2 has it. */
async function migrated(
  first: AnyStateMachine,
  second: AnyStateMachine,
  migration: (snapshot: MigrationSnapshot) => MigrationSnapshot,
) {
  const former = new Life(definition(1, first))
  await former.start()
  await former.clock.advance(400)
  await former.supervisor.close()
  const life = new Life(definition(2, second, { 1: migration }), undefined, {
    store: former.store,
    clock: former.clock,
  })
  const service = await life.start()
  const { failure } = service.getSnapshot().context
  return { service, clock: former.clock, failure: failure?.message }
}

const same = (snapshot: MigrationSnapshot) => snapshot
const waits = (ms: number, state = 'waits') =>
  make({ initial: state, states: { [state]: { after: { [ms]: 'over' } }, over: {} } })

describe('a timer of `after`', () => {
  const named = (ms: number, state = 'waits') => `xstate.after.${ms}.m.${state}`

  test('that no active state waits for is refused, with what one waits for', async () => {
    const { failure } = await migrated(waits(1000), waits(1500), same)
    expect(failure).toContain(
      'at timers[0]: no active state waits for “xstate.after.1000.m.waits”: rename it to “xstate.after.1500.m.waits” (renameIds), or leave it out.',
    )
  })

  test('is due as before where it was renamed', async () => {
    const { service, clock } = await migrated(waits(1000), waits(1500, 'stands'), (snapshot) =>
      renameIds({ ...snapshot, value: 'stands' }, { [named(1000)]: named(1500, 'stands') }),
    )
    await clock.advance(599)
    expect(service.machine.getSnapshot().value).toBe('stands')
    await clock.advance(1)
    expect(service.machine.getSnapshot().value).toBe('over')
  })

  test('may be left out', async () => {
    const idle = make({ initial: 'idle', states: { idle: { on: { GO: 'idle' } } } })
    const { service, failure } = await migrated(waits(1000), idle, (snapshot) => ({
      ...snapshot,
      value: 'idle',
      timers: [],
    }))
    expect(failure).toBeUndefined()
    expect(service.machine.getSnapshot().value).toBe('idle')
  })

  test('of a state that is not active is refused where nothing can take its place', async () => {
    const two = make({
      initial: 'waits',
      states: { waits: { after: { 1000: 'over' } }, idle: {}, over: {} },
    })
    const { failure } = await migrated(two, two, (snapshot) => ({ ...snapshot, value: 'idle' }))
    expect(failure).toContain(': rename it (renameIds), or leave it out.')
  })

  test('stays in a region of a parallel state, and in a child', async () => {
    const child = waits(1000)
    const both = (more: object) =>
      make(
        {
          invoke: { src: 'child', id: 'child' },
          type: 'parallel',
          states: { a: { after: { 700: {} } }, b: { initial: 'x', states: { x: { after: { 800: {} } } } } },
          ...more,
        },
        { actors: { child } },
      )
    const { service, failure } = await migrated(both({}), both({ description: 'another' }), same)
    expect(failure).toBeUndefined()
    expect(service.getSnapshot().value).toBe('running')
  })

  test('of a child is refused, too', async () => {
    const parent = (child: AnyStateMachine) =>
      make({ invoke: { src: 'child', id: 'child' } }, { actors: { child } })
    const { failure } = await migrated(parent(waits(1000)), parent(waits(1500)), same)
    expect(failure).toContain('at timers[0]: no active state waits for')
    const renamed = await migrated(parent(waits(1000)), parent(waits(1500)), (snapshot) =>
      renameIds(snapshot, { [named(1000)]: named(1500) }),
    )
    expect(renamed.failure).toBeUndefined()
  })
})

test('a delay without a transition has its timer, too', async () => {
  const waits = (more: object) => make({ after: { '1e3': [] }, ...more })
  const { failure } = await migrated(waits({}), waits({ description: 'another' }), same)
  expect(failure).toBeUndefined()
})

test('a delay of a name is known by that', async () => {
  const named = (name: string) => make({ after: { [name]: {} } }, { delays: { [name]: 1000 } })
  const { failure } = await migrated(named('soon'), named('later'), same)
  expect(failure).toContain('“xstate.after.soon.m”: rename it to “xstate.after.later.m” (renameIds)')
})

test('one delay of several transitions is named once', async () => {
  const several = make({ after: { 1500: [{ guard: () => false, actions: [] }, { actions: [] }] } })
  const { failure } = await migrated(make({ after: { 1000: {} } }), several, same)
  expect(failure).toContain(': rename it to “xstate.after.1500.m” (renameIds), or leave it out.')
})

test('an actor whose id looks like a path has timers of its own', async () => {
  const [inner, named] = [waits(1000), waits(700, 'stands')]
  const outer = make({ invoke: { src: 'inner', id: 'b' } }, { actors: { inner } })
  const both = (more: object) =>
    make(
      {
        invoke: [
          { src: 'outer', id: 'a' },
          { src: 'named', id: 'a/b' },
        ],
        ...more,
      },
      { actors: { outer, named } },
    )
  const { failure } = await migrated(both({}), both({ description: 'another' }), same)
  expect(failure).toBeUndefined()
})

test('an event that the machine sends itself later is its own', async () => {
  const later = make({ entry: raise({ type: 'LATER' }, { delay: 5000, id: 'later' }) })
  const { failure } = await migrated(later, make({ on: { LATER: {} } }), same)
  expect(failure).toBeUndefined()
})

describe('an invoked actor', () => {
  const work = () => {
    let resolve: (value: unknown) => void = () => {}
    const logic = fromPromise(() => new Promise((done) => (resolve = done)))
    return { logic, resolve: (value: unknown) => resolve(value) }
  }
  const invokes = (logic: unknown, state: string, invoke: object = {}) =>
    make(
      {
        context: { told: undefined },
        initial: state,
        states: {
          [state]: {
            invoke: {
              src: 'work',
              onDone: { target: 'over', actions: assign({ told: ({ event }: Config) => event.output }) },
              ...invoke,
            },
          },
          over: {},
        },
      },
      { actors: { work: logic } },
    )

  test('that belongs to a state of the former version is refused, and tells where it was renamed', async () => {
    const { logic, resolve } = work()
    const [first, second] = [invokes(logic, 'works'), invokes(logic, 'does')]
    const moved = (snapshot: MigrationSnapshot) => ({ ...snapshot, value: 'does' })
    const { failure } = await migrated(first, second, moved)
    expect(failure).toContain(
      'at root.children.0.m.works: no active state invokes “work” as that: rename it to “0.m.does” (renameIds), or leave it out.',
    )
    const { service, clock } = await migrated(first, second, (snapshot) =>
      renameIds(moved(snapshot), { '0.m.works': '0.m.does' }),
    )
    resolve('done')
    await clock.advance(0)
    expect(service.machine.getSnapshot()).toMatchObject({ value: 'over', context: { told: 'done' } })
  })

  test('with an id is refused where its state is left', async () => {
    const { logic } = work()
    const machine = invokes(logic, 'works', { id: 'w' })
    const { failure } = await migrated(machine, machine, (snapshot) => ({ ...snapshot, value: 'over' }))
    expect(failure).toContain(
      'at root.children.w: no active state invokes “work” as that: rename it (renameIds), or leave it out.',
    )
    const left = await migrated(machine, machine, (snapshot) => ({
      ...snapshot,
      value: 'over',
      children: [],
    }))
    expect(left.failure).toBeUndefined()
  })

  const plain = fromPromise(() => new Promise(() => {}))
  const invoking = (...invoke: object[]) =>
    make({ initial: 'a', states: { a: { invoke }, b: {} } }, { actors: { load: plain, audit: plain } })

  test('that stands where another one is invoked now is refused: what it tells would be taken for the other’s', async () => {
    const [load, audit] = [{ src: 'load' }, { src: 'audit' }]
    const { failure } = await migrated(invoking(load), invoking(audit, load), same)
    expect(failure).toContain(
      'at root.children.0.m.a: no active state invokes “load” as that: rename it to “1.m.a” (renameIds), or leave it out.',
    )
    const [first, second] = [invoking(load, audit), invoking(audit, load)]
    const crossed = await migrated(first, second, same)
    expect(crossed.failure).toContain('“load” as that: rename it to “1.m.a” (renameIds)')
    const mended = await migrated(first, second, (snapshot) =>
      renameIds(snapshot, { '0.m.a': '1.m.a', '1.m.a': '0.m.a' }),
    )
    expect(mended.failure).toBeUndefined()
    const named = invoking({ src: 'audit', id: 'load' })
    const other = await migrated(invoking({ src: 'load', id: 'load' }), named, same)
    // An actor of another kind is nothing to rename it to.
    expect(other.failure).toContain(
      'no active state invokes “load” as that: rename it (renameIds), or leave it out.',
    )
  })

  test('that no state invokes any more is refused', async () => {
    const { failure } = await migrated(invoking({ src: 'load' }), invoking(), same)
    expect(failure).toContain('at root.children.0.m.a: no active state invokes “load” as that')
    const ofRoot = (invoke: object[]) => make({ invoke }, { actors: { load: plain } })
    const root = await migrated(ofRoot([{ src: 'load' }]), ofRoot([]), same)
    expect(root.failure).toContain('at root.children.0.m: no active state invokes “load” as that')
  })

  test('that has ended stays where it is: nothing more comes of it', async () => {
    const machine = make(
      { initial: 'a', states: { a: { invoke: { src: 'work', id: 'w', onDone: {} } }, b: {} } },
      { actors: { work: fromPromise(async () => 1) } },
    )
    const { failure } = await migrated(machine, machine, (snapshot) => {
      expect(snapshot.children).toMatchObject([{ id: 'w', snapshot: { status: 'done' } }])
      return { ...snapshot, value: 'b' }
    })
    expect(failure).toBeUndefined()
  })

  test('is none that was spawned: it belongs to no state', async () => {
    const { logic } = work()
    const spawns = (initial: string) =>
      make(
        {
          context: ({ spawn }: Config) => ({ one: spawn('work', { id: '0.one' }) }),
          initial,
          states: { a: {}, b: {} },
        },
        { actors: { work: logic } },
      )
    const { failure } = await migrated(spawns('a'), spawns('b'), (snapshot) => ({ ...snapshot, value: 'b' }))
    expect(failure).toBeUndefined()
  })
})

test('a state is entered where the event of going on leads to it', async () => {
  const first = make({ initial: 'open', states: { open: {} } })
  const second = make({
    initial: 'toWait',
    states: { toWait: { on: { RESUMED: 'waits' } }, waits: { after: { 1000: 'over' } }, over: {} },
  })
  const { service, clock } = await migrated(first, second, (snapshot) => ({ ...snapshot, value: 'toWait' }))
  await clock.advance(1000)
  expect(service.machine.getSnapshot().value).toBe('over')
})

test('what has other ids keeps them', () => {
  const child = { id: 'c', src: 'x', snapshot: {}, children: [{ id: 'd', src: 'x', snapshot: {} }] }
  const timer = {
    source: ['c'],
    target: ['c', 'd'],
    id: 'T',
    event: { type: 'T', n: 1 },
    delayMs: 5,
    dueAtMs: 6,
    remainingMs: 5,
    policy: 'deadline',
  } as const
  // An event of the author's, which bears the name of an actor.
  const own = { ...timer, id: 'later', event: { type: 'c' } }
  const owed = { key: 'k', kind: 'deliver', actor: ['c', 'd'], type: 'E', event: { type: 'c' } } as const
  const whole = { value: 'a', context: {}, historyValue: undefined, children: [child], timers: [timer, own] }
  const snapshot = { ...whole, outbox: [owed] }
  expect(renameIds(whole, { toString: 'x' })).toEqual(whole)
  const place = { source: ['b'], target: ['b', 'e'] }
  expect(renameIds(snapshot, { d: 'e', T: 'U', c: 'b' })).toEqual({
    ...snapshot,
    children: [{ ...child, id: 'b', children: [{ id: 'e', src: 'x', snapshot: {} }] }],
    timers: [
      { ...timer, ...place, id: 'U', event: { type: 'U', n: 1 } },
      { ...own, ...place },
    ],
    outbox: [{ ...owed, actor: ['b', 'e'] }],
  })
})

import { defineService } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { assign, createMachine, emit, fromCallback, raise, sendTo, setup } from 'xstate'
import { carryOut } from '../../../src/control/answer.js'
import { UnknownStateError } from '../../../src/errors/inspect.js'
import { mortalStore } from '../../../src/testing/world/mortal-store.js'
import { ManualClock, settle } from '../../kit/clock.js'
import { office, parent, vault } from '../machines.js'
import { Notebook } from './kit.js'

/** Does a bit of everything that reaches outside or waits. */
const busy = defineService({
  id: 'busy',
  version: 1,
  machine: setup({
    types: {
      context: {} as { count: number; data: { list: number[] } },
      events: {} as { type: 'GO' } | { type: 'BACK' } | { type: 'MORE'; by: number } | { type: 'END' },
      emitted: {} as { type: 'gone' },
    },
    actors: {
      ears: fromCallback(({ receive }) => {
        receive(() => {})
      }),
    },
    actions: { act: (_, __: { readonly what: string }) => {}, fails: () => Promise.reject(new Error('no')) },
    guards: { small: ({ context }) => context.count < 2, never: () => false },
  }).createMachine({
    id: 'busy',
    context: { count: 0, data: { list: [] } },
    initial: 'here',
    invoke: { src: 'ears', id: 'ears' },
    states: {
      here: {
        after: { 1000: 'there' },
        on: {
          GO: [
            { guard: 'never', target: 'end' },
            {
              guard: 'small',
              target: 'there',
              actions: [{ type: 'act', params: { what: 'go' } }, raise({ type: 'MORE', by: 1 })],
            },
          ],
        },
      },
      there: {
        always: { guard: ({ context }) => context.count > 3, target: 'here' },
        entry: [emit({ type: 'gone' }), sendTo('ears', { type: 'HELLO' })],
        on: { BACK: 'here' },
      },
      end: { type: 'final' },
    },
    on: {
      MORE: {
        actions: assign(({ context, event }) => ({
          count: context.count + event.by,
          data: { list: [...context.data.list, event.by] },
        })),
      },
      END: '.end',
    },
  }),
})

test('what the entries tell is what the recorder knows, through pauses, sleep, death and new lives', async () => {
  const store = mortalStore()
  const clock = new ManualClock()
  const notebook = new Notebook(undefined, clock)
  const definitions = [busy, office, parent, vault]
  const begin = () =>
    notebook.supervise({ store, clock, definitions, onFailed: () => {}, onWarning: () => {} })
  let supervisor = await begin()
  const works = await supervisor.start(busy, { key: 'busy' })
  const opens = await supervisor.start(office, { key: 'office' })
  const breaks = await supervisor.start(parent, { key: 'parent' })
  const holds = await supervisor.start(vault, { key: 'vault', input: { password: 'x' } })
  await Promise.all([
    works.send({ type: 'GO' }),
    opens.send({ type: 'OPEN' }),
    opens.send({ type: 'LETTER' }),
  ])
  await holds.send({ type: 'PUT', value: new Map([['a', { deep: [1, 2] }]]) })
  await holds.send({ type: 'PUT', value: new Map([['a', { deep: [1, 2, 3] }]]) })
  void holds.send({ type: 'FAIL', reason: 'because' })
  void holds.send({ type: 'TAKE', secret: 'y' })
  await settle()
  await works.send({ type: 'BACK' })
  await works.pause()
  void works.send({ type: 'MORE', by: 2 }, { key: 'm' })
  await settle()
  await works.resume()
  await clock.advance(1500)
  await breaks.send({ type: 'DROP' })
  supervisor.letGoIdle()
  await settle()
  await works.send({ type: 'BACK' })
  void (await supervisor.get('parent'))
  await works.pause('lunch')
  void works.send({ type: 'MORE', by: 1 })
  await settle()
  store.kill()

  supervisor = await begin()
  await supervisor.resumeAll()
  await settle()
  const again = await supervisor.get('busy')
  await again.resume('lunch')
  await (await supervisor.get('office')).send({ type: 'LEAVE' })
  await again.send({ type: 'END' })
  await supervisor.close()
  notebook.recorder.flush()

  expect(notebook.failures).toEqual([])
  expect(notebook.differences).toEqual([])
  const kinds = new Set(notebook.entries.map(({ kind }) => kind))
  expect([...kinds].sort()).toEqual(
    [
      'actor',
      'asleep',
      'commit',
      'effect',
      'ended',
      'event',
      'hold',
      'inbox',
      'lifecycle',
      'revived',
      'service',
      'step',
      'timer',
    ].sort(),
  )
  const changes = (kind: 'effect' | 'timer' | 'inbox' | 'hold') =>
    [...new Set(notebook.of(kind).map(({ change }) => change))].sort()
  expect(changes('timer')).toEqual(['cancelled', 'fired', 'kept', 'set'])
  expect(changes('inbox')).toEqual(['accepted', 'applied', 'kept'])
  expect(changes('hold')).toEqual(['released', 'set'])
  expect(changes('effect')).toEqual(expect.arrayContaining(['waiting', 'released', 'done']))
  expect(new Set(notebook.entries.map((entry) => ('chart' in entry ? entry.chart : undefined)))).toSatisfy(
    (hashes: Set<string | undefined>) =>
      [...hashes].every((hash) => hash === undefined || notebook.charts.has(hash)),
  )
})

test('an owed effect runs again under its key, and a commit says what it contains', async () => {
  const store = mortalStore()
  const clock = new ManualClock()
  const notebook = new Notebook(undefined, clock)
  const first = await notebook.supervise({ store, clock })
  const service = await first.start(busy, { key: 'b' })
  store.next('death-after')
  void service.send({ type: 'GO' })
  await settle()
  const second = await notebook.supervise({ store, clock })
  await second.start(busy, { key: 'b' })
  await settle()
  const again = notebook.of('effect').filter(({ change }) => change === 'again')
  expect(again.map(({ what }) => what?.name)).toEqual(['act', 'gone', 'HELLO'])
  expect(again[0]).toMatchObject({
    what: { params: { what: 'go' } },
    effectKey: expect.stringMatching(/^busy\/b\//),
  })
  const { upTo, checkpoint, size, ok } = notebook.of('commit').at(-1) ?? {}
  expect({ ok, checkpoint: typeof checkpoint, size: (size ?? 0) > 100 }).toEqual({
    ok: true,
    checkpoint: 'number',
    size: true,
  })
  expect(upTo).toBeLessThan(notebook.entries.length)
  await second.close()
  expect(notebook.differences).toEqual([])
})

test('guards and microsteps are told without being asked again', async () => {
  const notebook = new Notebook()
  const supervisor = await notebook.supervise({ store: memoryStore() })
  const service = await supervisor.start(busy, { key: 'b' })
  await service.send({ type: 'GO' })
  await service.send({ type: 'BACK' })
  await service.send({ type: 'MORE', by: 5 })
  await service.send({ type: 'GO' })
  await supervisor.close()
  const steps = notebook.of('step').filter(({ event }) => event === 'GO')
  expect(steps.map(({ microsteps }) => microsteps)).toEqual([
    [
      {
        event: 'GO',
        transitions: [
          {
            source: 'busy.here',
            targets: ['busy.there'],
            guard: 'small',
            actions: expect.arrayContaining(['act']),
          },
        ],
        guards: [
          { source: 'busy.here', index: 0, guard: 'never', passed: false },
          { source: 'busy.here', index: 1, guard: 'small', passed: true },
        ],
      },
      { event: 'MORE', transitions: [expect.objectContaining({ source: 'busy' })] },
    ],
    [
      {
        event: 'GO',
        transitions: [],
        guards: [
          { source: 'busy.here', index: 0, guard: 'never', passed: false },
          { source: 'busy.here', index: 1, guard: 'small', passed: false },
        ],
      },
    ],
  ])
})

test('a context of a megabyte does not cost a megabyte a step', async () => {
  const large = defineService({
    id: 'large',
    version: 1,
    machine: setup({
      types: {
        context: {} as { rows: { readonly text: string; n: number }[] },
        events: {} as { type: 'TOUCH'; row: number },
      },
    }).createMachine({
      id: 'large',
      context: { rows: Array.from({ length: 1000 }, (_, n) => ({ text: `${n}`.padEnd(1000, '.'), n })) },
      on: {
        TOUCH: {
          actions: assign({
            rows: ({ context, event }) =>
              context.rows.map((row, at) => (at === event.row ? { ...row, n: row.n + 1 } : row)),
          }),
        },
      },
    }),
  })
  const notebook = new Notebook()
  const supervisor = await notebook.supervise({ store: memoryStore() })
  const service = await supervisor.start(large, { key: 'l' })
  notebook.full = false
  for (let row = 0; row < 50; row++) await service.send({ type: 'TOUCH', row })
  notebook.full = true
  await supervisor.close()
  const sizes = notebook.of('step').map((step) => JSON.stringify(step).length)
  expect(sizes.length).toBe(50)
  expect(Math.max(...sizes)).toBeLessThan(500)
  expect(notebook.differences).toEqual([])
})

test('what throws when it is read costs what is shown, and neither the service nor the next entry', async () => {
  const notebook = new Notebook((value, path) => {
    if (path.at(-1) === 'trap') throw new Error('caught')
    return value
  })
  const supervisor = await notebook.supervise({ store: memoryStore() })
  const service = await supervisor.start(vault, { key: 'v', input: { password: 'p' } })
  await service.send({ type: 'PUT', value: { trap: 1, fine: 2 } })
  await supervisor.close()
  expect(JSON.stringify(notebook.of('step').at(-1))).toContain('[not shown: redact threw]')
  expect(notebook.failures).toEqual([])
})

test('a kill to come is told with who has asked for it, and is over when it is taken back or the service comes anew', async () => {
  const notebook = new Notebook()
  const states = { ajar: {}, shut: { initial: 'locked', states: { locked: {} } } }
  const machine = createMachine({ id: 'door', initial: 'ajar', states })
  const door = defineService({ id: 'door', version: 1, machine })
  const supervisor = await notebook.supervise({ store: memoryStore() })
  await supervisor.start(door, { key: 'v' })
  const arm = (state: string | undefined, by: 'page' | 'socket') =>
    carryOut(supervisor, { type: 'interruptAt', key: 'v', ...(state === undefined ? {} : { state }) }, by)
  expect(await arm(undefined, 'page')).toEqual({ key: 'v' })
  for (const state of ['nowhere', 'locked', 'shut.locked.', 'constructor', ''])
    await expect(arm(state, 'page')).rejects.toThrow(UnknownStateError)
  expect(await arm('ajar', 'socket')).toEqual({ key: 'v', state: 'ajar' })
  expect(notebook.states.get('v')?.armed).toEqual({ state: 'ajar', by: 'socket' })
  // The same from the same is told once.
  expect(await arm('ajar', 'socket')).toEqual({ key: 'v', state: 'ajar', replaced: 'ajar' })
  // Who has it take the place of another one is told.
  expect(await arm('shut.locked', 'page')).toEqual({ key: 'v', state: 'shut.locked', replaced: 'ajar' })
  expect(await arm(undefined, 'page')).toEqual({ key: 'v', replaced: 'shut.locked' })
  expect(notebook.states.get('v')?.armed).toBeUndefined()
  await arm('ajar', 'page')
  await supervisor.remove('v')
  const again = await supervisor.start(door, { key: 'v' })
  expect(notebook.states.get('v')?.armed).toBeUndefined()
  await arm('ajar', 'page')
  // Of one that has ended nothing is to come.
  await again.stop()
  expect(notebook.states.get('v')?.armed).toBeUndefined()
  await supervisor.close()
  expect(notebook.of('armed').map(({ state, by }) => [state, by])).toEqual([
    ['ajar', 'socket'],
    ['shut.locked', 'page'],
    [undefined, 'page'],
    ['ajar', 'page'],
    ['ajar', 'page'],
  ])
  expect(notebook.differences).toEqual([])
})

test('a removal is told of a service that is here and of one that is only stored, and of none that is not there', async () => {
  const store = memoryStore()
  const states = { on: { after: { 1000: 'on' } } }
  const lamp = defineService({
    id: 'lamp',
    version: 1,
    machine: createMachine({ id: 'lamp', initial: 'on', states }),
  })
  const earlier = await new Notebook().supervise({ store })
  await earlier.start(lamp, { key: 'stored' })
  await earlier.close()
  const notebook = new Notebook()
  const supervisor = await notebook.supervise({ store })
  const here = await supervisor.start(lamp, { key: 'here' })
  await here.pause('user')
  await carryOut(supervisor, { type: 'interruptAt', key: 'here', state: 'on' }, 'page')
  for (const key of ['here', 'stored', 'nowhere']) await supervisor.remove(key)
  expect(notebook.of('removed').map(({ key }) => key)).toEqual(['here', 'stored'])
  expect(notebook.entries.at(-2)).toMatchObject({ kind: 'removed', key: 'here' })
  expect(notebook.states.get('here')).toMatchObject({
    lifecycle: 'removed',
    holds: [],
    timers: [],
    inbox: [],
    outbox: [],
  })
  expect(notebook.states.get('here')?.armed).toBeUndefined()
  await supervisor.start(lamp, { key: 'here' })
  expect(notebook.states.get('here')?.lifecycle).toBe('running')
  await supervisor.close()
  expect(notebook.differences).toEqual([])
  expect(notebook.failures).toEqual([])
})

test('a service that failed is told as the checkpoint keeps it in which it rests, until it is retried or removed', async () => {
  const notebook = new Notebook()
  let isBroken = true
  const bed = createMachine({
    id: 'bed',
    initial: 'wet',
    states: { wet: { after: { 60000: 'dry' } }, dry: {} },
  })
  const machine = setup({
    actors: { bed },
    actions: {
      water: () => {
        if (isBroken) throw new Error('no water')
      },
    },
    guards: {
      breaks: () => {
        throw new Error('broken')
      },
    },
  }).createMachine({
    id: 'garden',
    context: { password: 'p' },
    invoke: { src: 'bed', id: 'bed' },
    after: { 3600000: '.calm' },
    initial: 'calm',
    states: { calm: { on: { WATER: { actions: 'water' }, BREAK: { guard: 'breaks', target: 'calm' } } } },
  })
  const garden = defineService({ id: 'garden', version: 1, machine })
  const supervisor = await notebook.supervise({ store: memoryStore(), onFailed: () => {} })
  const north = await supervisor.start(garden, { key: 'north' })
  const south = await supervisor.start(garden, { key: 'south' })
  const kept = (key: string) => {
    const { lifecycle, actors, timers, outbox } = notebook.states.get(key) ?? expect.fail('no state')
    return [
      lifecycle,
      actors.map(({ actor, snapshot }) => [actor.join(), (snapshot as { status: string }).status]),
      actors.map(({ chart }) => notebook.charts.has(chart ?? '')),
      timers.map(({ delayMs }) => delayMs),
      outbox.map(({ name, running }) => [name, running]),
    ]
  }
  const actors = [
    ['', 'active'],
    ['bed', 'active'],
  ]
  // What fails the machine itself has ended all that it had in memory.
  await expect(north.send({ type: 'BREAK' })).rejects.toThrow('broken')
  await expect.poll(() => kept('north')).toEqual(['failed', actors, [true, true], [60000, 3600000], []])
  await expect(south.send({ type: 'WATER' }).then(() => south.settled())).rejects.toThrow('no water')
  await expect
    .poll(() => kept('south'))
    .toEqual(['failed', actors, [true, true], [60000, 3600000], [['water', false]]])
  expect(notebook.of('rests').map(({ key }) => key)).toEqual(['north', 'south'])
  isBroken = false
  await south.retry()
  await south.settled()
  expect(kept('south')).toEqual(['running', actors, [true, true], [60000, 3600000], []])
  await supervisor.remove('north')
  await supervisor.close()
  expect(notebook.failures).toEqual([])
  expect(notebook.differences).toEqual([])
})

test('a step back leaves no commit that was set aside: the checkpoint is told on which the service stands then', async () => {
  const notebook = new Notebook()
  const store = memoryStore({ keep: 4 })
  const machine = setup({
    actions: {
      spoil: () => {
        throw new Error('spoilt')
      },
    },
  }).createMachine({
    id: 'milk',
    initial: 'fresh',
    states: { fresh: { on: { WAIT: { target: 'sour', actions: 'spoil' } } }, sour: {} },
  })
  const supervisor = await notebook.supervise({ store, onFailed: () => {} })
  const milk = await supervisor.start(defineService({ id: 'milk', version: 1, machine }), { key: 'milk' })
  const stands = () => {
    const { commit, revivedFrom, lifecycle } = notebook.states.get('milk') ?? expect.fail('no state')
    return [lifecycle, commit?.checkpoint, revivedFrom]
  }
  await milk.send({ type: 'WAIT' })
  await expect.poll(stands).toEqual(['failed', 3, 0])
  await milk.retry({ lastGood: true })
  await milk.settled()
  const { sequence } = (await supervisor.stored('milk')) ?? expect.fail('nothing is stored')
  expect(sequence).toBe(1)
  expect(stands()).toEqual(['running', undefined, sequence])
  // Its numbers come again.
  await milk.checkpoint()
  expect(stands()).toEqual(['running', 2, sequence])
  await supervisor.close()
  expect(notebook.failures).toEqual([])
  expect(notebook.differences).toEqual([])
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chartOf } from '../../src/inspect/chart/chart-of.js'
import { folded } from '../../src/inspect/stream/fold.js'
import type { ServiceState } from '../../src/inspect/stream/state.js'
import { traceOf } from '../../visualizer/src/exports/trace.js'
import { activeIn, chartIn } from '../../visualizer/src/store/charts.js'
import { comparison, differences } from '../../visualizer/src/store/differences.js'
import { Store } from '../../visualizer/src/store/store.js'
import { demo, lampMachine } from './kit/demo.js'
import { LIFECYCLE, Recording } from './kit/recording.js'

function filled(recording: Recording, store = new Store()): Store {
  for (const message of recording.messages) store.apply(message)
  store.publish()
  return store
}

/** A lamp that is pressed so often that several keyframes come to stand between its moments. */
function pressed(times: number): Recording {
  const recording = new Recording()
  const lamp = recording.service('hall', lampMachine()).start()
  for (let at = 0; at < times; at++) lamp.send({ type: 'PRESS' })
  return recording
}

describe('what the page knows', () => {
  test('of a service whose newest checkpoint was not recorded is what that says, and who has it is asked of the owner', () => {
    const recording = new Recording()
    const hall = recording.service('hall', lampMachine()).start()
    hall.send({ type: 'PRESS' })
    recording.commit('hall')
    const store = filled(recording)
    const facts = { key: 'hall', definition: 'lamp', version: 1, savedAtMs: 5, size: 9, phase: 'running' }
    const stored = (epoch: number, checkpoint: number, owner?: object) => {
      const service = {
        ...facts,
        epoch,
        checkpoint,
        value: 'off',
        holds: ['lunch'],
        wakeAtMs: 7,
        deadlineAtMs: 9,
      }
      store.apply({ type: 'stored', services: [service], removed: [], complete: true, ...owner })
      store.publish()
      const { lifecycle, machine, holds, nextDueAtMs } = store.list.summary(
        store.services.get('hall') as never,
      )
      return { lifecycle, machine, holds, nextDueAtMs }
    }
    const life = (pid: number, live: boolean, incarnation = 'p1') =>
      store.apply({ type: 'incarnation', incarnation, pid, startedAtMs: 1, live })
    // At rest, a timer that is due before stands still.
    const newer = { machine: 'off', holds: ['lunch'], nextDueAtMs: 9 }
    expect(stored(3, 30)).toMatchObject({ lifecycle: 'running', machine: 'on' })
    life(1, false)
    expect(stored(3, 1)).toMatchObject({ lifecycle: 'interrupted', machine: 'on' })
    expect(stored(2, 9)).toMatchObject({ machine: 'on' })
    expect(stored(3, 30)).toEqual({ lifecycle: 'interrupted', ...newer })
    expect(stored(4, 1)).toEqual({ lifecycle: 'interrupted', ...newer })
    const owner = { epoch: 4, pid: 2, claimedAtMs: 1, exists: true }
    // One that the owner has not committed may be in no process: of a silent one nobody knows.
    expect(stored(3, 40, { owner })).toEqual({ lifecycle: 'unsure', ...newer })
    expect(stored(4, 1, { owner })).toEqual({ lifecycle: 'unrecorded', ...newer, nextDueAtMs: 7 })
    expect(traceOf(store).messages.at(-1)).toMatchObject({ type: 'stored', owner })
    // The same process has claimed it anew, and has not committed this one since.
    store.apply({ type: 'stored', services: [], removed: [], complete: true, owner: { ...owner, epoch: 5 } })
    store.publish()
    expect(store.list.summary(store.services.get('hall') as never).lifecycle).toBe('unsure')
    // The last commit of a process may be newer than what the store was looked at for.
    recording.service('bell', lampMachine()).start()
    recording.commit('bell', 'paused')
    filled(recording, store)
    life(1, false)
    store.apply({
      type: 'stored',
      services: [{ ...facts, key: 'bell', epoch: 3, checkpoint: 0 }],
      removed: [],
      complete: true,
    })
    expect(store.list.summary(store.services.get('bell') as never).lifecycle).toBe('paused')
    // It shows itself, and this service, which it has committed, is not among what it shows.
    life(2, true, 'p2')
    expect(stored(4, 1, { owner })).toMatchObject({ lifecycle: 'unrecorded' })
    expect(stored(3, 40, { owner })).toMatchObject({ lifecycle: 'interrupted' })
    life(2, false, 'p2')
    expect(stored(4, 1, { owner: { ...owner, exists: false } })).toMatchObject({ lifecycle: 'interrupted' })
  })

  test('of a store that cannot be read nothing is made up: of what is read, of guests and of what lives, all is as it was', () => {
    const recording = new Recording()
    for (const key of ['read', 'lost', 'recorded']) recording.service(key, lampMachine()).start()
    const rest = { pid: 1, startedAtMs: 1, live: false }
    recording.messages.push({ type: 'incarnation', incarnation: 'p1', ...rest })
    recording.messages.push({ type: 'incarnation', incarnation: 'g1', ...rest, guest: '@xstate/inspect' })
    const store = filled(recording)
    const facts = { definition: 'lamp', version: 1, epoch: 9, savedAtMs: 1, size: 9, phase: 'paused' }
    const stored = (key: string) => ({ ...facts, key, checkpoint: 1 })
    const told = (message: object) => {
      store.apply({ type: 'stored', services: [], removed: [], complete: true, ...message })
      store.publish()
      return Object.fromEntries(
        [...store.services.values()].map((service) => [service.key, store.list.summary(service).lifecycle]),
      )
    }
    store.apply({
      type: 'entries',
      incarnation: 'g1',
      entries: [
        {
          sequence: 1,
          atMs: 1,
          key: 'guest',
          kind: 'service',
          definition: 'app',
          version: 0,
          chart: '',
          lifecycleChart: '',
        },
      ],
    })
    const problem = { code: 'STORE_DAMAGED', message: 'A page is damaged.' }
    expect(told({ services: [stored('read'), stored('lost')] })).toMatchObject({
      lost: 'paused',
      recorded: 'removed',
    })
    const amiss = { read: 'paused', lost: 'unreadable', recorded: 'unreadable', guest: 'stopped' }
    expect(told({ problem, unread: ['lost', 'nobody'] })).toEqual(amiss)
    // A look that is under way says nothing of it.
    expect(told({ complete: false })).toEqual(amiss)
    const trace = traceOf(store)
    const again = new Store()
    for (const message of trace.messages) again.apply(message)
    expect(again.kept.problem.peek()).toEqual(problem)
    expect([...again.services.values()].filter(({ isUnread }) => isUnread).map(({ key }) => key)).toEqual([
      'lost',
    ])
    expect(told({ services: [stored('lost')] })).toEqual({ ...amiss, lost: 'paused', recorded: 'removed' })
    store.apply({ type: 'incarnation', incarnation: 'p1', ...rest, live: true })
    expect(told({ problem, unread: ['read', 'lost'] })).toEqual({
      read: 'running',
      lost: 'running',
      recorded: 'running',
      guest: 'stopped',
    })
  })

  test('a service stands at each moment as the entries up to it say', async () => {
    const { moments } = filled(await demo()).services.get('invoice-7') ?? expect.fail('no service')
    let state: ServiceState | undefined
    for (const [index, moment] of moments.all().entries()) {
      if (moment.type === 'entry') state = folded(state, moment.entry)
      expect(moments.stateAt(index)).toEqual(state)
    }
    expect(moments.state).toEqual(state)
  })

  test('so it does at any moment of a long history', () => {
    const { moments } = filled(pressed(300)).services.get('hall') ?? expect.fail('no service')
    expect(moments.length).toBeGreaterThan(1024)
    const states: (ServiceState | undefined)[] = []
    for (const moment of moments.all())
      states.push(moment.type === 'entry' ? folded(states.at(-1), moment.entry) : states.at(-1))
    fc.assert(
      fc.property(fc.nat(moments.length - 1), (index) => {
        expect(moments.stateAt(index)).toEqual(states[index])
      }),
    )
  })

  test('its memory is bounded: the oldest moments go, and what follows stands as before', () => {
    const all = filled(pressed(400)).services.get('hall')
    const store = filled(pressed(400), new Store({ moments: 1000 }))
    const few = store.services.get('hall')
    expect(few?.moments.length).toBeLessThanOrEqual(1000)
    expect(few?.moments.dropped).toBeGreaterThan(0)
    expect(few?.state).toEqual(all?.state)
    const [fewLast, allLast] = [few?.moments.length ?? 0, all?.moments.length ?? 0]
    for (let back = 1; back <= 200; back++)
      expect(few?.moments.stateAt(fewLast - back)).toEqual(all?.moments.stateAt(allLast - back))
  })

  test('so it is with very many services of short histories, and each keeps how it stands', () => {
    const all = filled(pressed(10)).services.get('hall')
    const store = new Store({ moments: 1000 })
    const { messages } = pressed(10)
    for (let at = 0; at < 40; at++)
      for (const message of messages)
        if (message.type === 'entries')
          store.apply({
            ...message,
            incarnation: `p${at}`,
            entries: message.entries.map((entry) => ({ ...entry, key: `hall-${at}` })),
          })
    const services = [...store.services.values()]
    const kept = services.reduce((sum, { moments }) => sum + moments.length, 0)
    expect(services.length * (all?.moments.length ?? 0)).toBeGreaterThan(1500)
    expect(kept).toBeLessThanOrEqual(1000)
    for (const { state } of services) expect(state).toEqual(all?.state)
  })

  test('so it is by their characters: few that are large make room as well', () => {
    const { messages } = pressed(100)
    const store = new Store({ characters: 100_000 })
    for (const message of messages) store.apply(message, message.type === 'entries' ? 50_000 : 100)
    const { characters, length } = store.services.get('hall')?.moments ?? expect.fail('no service')
    expect(characters).toBeLessThanOrEqual(100_000)
    expect(characters).toBeGreaterThan(25_000)
    expect(length).toBeGreaterThan(100)
    expect(store.services.get('hall')?.state).toEqual(filled(pressed(100)).services.get('hall')?.state)
  })

  test('what led to nothing that is known makes room as a gap, with all that it stands for', () => {
    const store = new Store({ moments: 10 })
    for (let sequence = 1; sequence <= 11; sequence++)
      store.apply({
        type: 'entries',
        incarnation: 'p1',
        entries: [{ sequence, atMs: 1, key: 'hall', kind: 'ended', actor: [] }],
      })
    const moments = store.services.get('hall')?.moments
    expect(moments?.at(0)).toEqual({ type: 'gap', incarnation: 'p1', sequence: 5, missing: 5 })
    expect(moments?.length).toBe(7)
  })

  test('how many entries were told to be missing is counted as they come, and once for all services of a process', () => {
    const store = new Store({ moments: 10 })
    const gap = (at: number) =>
      store.apply({ type: 'gap', incarnation: 'p1', from: at * 10, to: at * 10 + 3, reason: 'budget' })
    for (const key of ['hall', 'porch'])
      store.apply({
        type: 'entries',
        incarnation: 'p1',
        entries: [{ sequence: key === 'hall' ? 1 : 2, atMs: 1, key, kind: 'ended', actor: [] }],
      })
    for (let at = 1; at <= 25; at++) gap(at)
    expect(store.missing).toBe(100)
    // Their lines have made room.
    const told = [...store.services.values()].flatMap(({ moments }) => moments.all())
    expect(told.filter(({ type }) => type === 'gap').length).toBeLessThan(25)
  })

  test('an entry in a shape that its kind has not is missing, and the others of its message are not', () => {
    const recording = pressed(3)
    const store = new Store()
    for (const message of recording.messages) {
      if (message.type !== 'entries') store.apply(message)
      else
        store.apply({
          ...message,
          entries: message.entries.map((entry) => {
            if (entry.kind !== 'step') return entry
            const { changes: _, ...broken } = entry
            return broken as typeof entry
          }),
        })
    }
    const all = filled(recording).services.get('hall')?.moments.all() ?? []
    const steps = all.filter((moment) => moment.type === 'entry' && moment.entry.kind === 'step').length
    const moments = store.services.get('hall')?.moments.all() ?? []
    expect(moments.length).toBe(all.length)
    expect(moments.filter(({ type }) => type === 'gap')).toHaveLength(steps)
  })

  test('what the store holds no more is removed, also where another connection tells so', () => {
    const store = filled(pressed(1))
    const hall = store.services.get('hall') ?? expect.fail('no service')
    store.apply({ ...(store.incarnations.get('p1') ?? expect.fail('no process')), live: false })
    const facts = { definition: 'lamp', version: 1, checkpoint: 7, epoch: 2, savedAtMs: 5, size: 100 }
    const stored = { ...facts, key: 'hall', phase: 'running' }
    const hello = { type: 'hello', version: 1, pid: 1, control: false } as const
    // A trace has no store.
    expect(store.list.summary(hall).lifecycle).toBe('interrupted')
    store.apply(hello)
    store.apply({ type: 'stored', services: [stored], removed: [], complete: true })
    expect(store.list.summary(hall).lifecycle).toBe('interrupted')
    store.apply(hello)
    store.apply({ type: 'stored', services: [], removed: [], complete: false })
    expect(store.list.summary(hall).lifecycle).toBe('interrupted')
    store.apply({ type: 'stored', services: [], removed: [], complete: true })
    expect(store.list.summary(hall).lifecycle).toBe('removed')
    store.apply({ type: 'stored', services: [stored], removed: [], complete: true })
    expect(store.list.summary(hall).lifecycle).toBe('interrupted')
    store.apply({ type: 'stored', services: [], removed: ['hall'], complete: true })
    expect(store.list.summary(hall).lifecycle).toBe('removed')
  })

  test('what a reconnection brings again counts once', () => {
    const recording = pressed(3)
    const store = filled(recording)
    expect(store.isAnyLive).toBe(true)
    const before = store.services.get('hall')?.moments.length
    for (const message of recording.messages) if (message.type === 'entries') store.apply(message)
    expect(store.services.get('hall')?.moments.length).toBe(before)
  })

  test('a gap is told, and a base stands in the place of what is missing', () => {
    const store = filled(pressed(1))
    const state = store.services.get('hall')?.state ?? expect.fail('no state')
    store.apply({ type: 'gap', incarnation: 'p1', from: 100, to: 199, reason: 'budget' })
    store.apply({
      type: 'base',
      incarnation: 'p1',
      sequence: 199,
      key: 'hall',
      state: { ...state, lifecycle: 'paused' },
    })
    const moments = store.services.get('hall')?.moments
    expect(moments?.at(moments.length - 2)).toEqual({
      type: 'gap',
      incarnation: 'p1',
      sequence: 199,
      missing: 100,
    })
    expect(moments?.state?.lifecycle).toBe('paused')
    expect(store.seen.get('p1')).toBe(199)
  })

  test('what the store holds of services that no process has is shown, and goes with them', () => {
    const store = new Store()
    const stored = {
      definition: 'lamp',
      version: 1,
      checkpoint: 7,
      epoch: 2,
      savedAtMs: 5,
      size: 100,
      value: 'on',
    }
    const services = [
      { ...stored, key: 'cut off', phase: 'running' },
      { ...stored, key: 'at rest', phase: 'stopped' },
      {
        ...stored,
        key: 'broken',
        phase: 'running',
        damage: { code: 'DAMAGED', message: 'The checksum is wrong.' },
      },
    ]
    store.apply({ type: 'stored', services, removed: [], complete: true })
    store.publish()
    const told = store.list.members.value.map((service) => [
      service.key,
      store.list.summary(service).lifecycle,
    ])
    expect(told).toEqual([
      ['at rest', 'stopped'],
      ['broken', 'damaged'],
      ['cut off', 'interrupted'],
    ])
    expect(store.isAnyLive).toBe(false)
    store.apply({ type: 'stored', services: [], removed: ['at rest'], complete: false })
    store.publish()
    expect(store.list.members.value.map(({ key }) => key)).toEqual(['broken', 'cut off'])
  })

  test('ten thousand services are listed in parts, each of them at last; what has gone meanwhile is none of them', () => {
    const store = new Store()
    const kept = (key: string, phase: string) => ({
      key,
      definition: 'lamp',
      version: 1,
      checkpoint: phase === 'running' ? 1 : 2,
      epoch: 1,
      savedAtMs: 1,
      phase,
      size: 1,
      holds: [],
    })
    const keys = Array.from({ length: 10_000 }, (_, at) => `lamp ${String(at).padStart(5, '0')}`)
    const tell = (phase: string, removed: readonly string[] = []) => {
      const services = keys.filter((key) => !removed.includes(key)).map((key) => kept(key, phase))
      store.apply({ type: 'stored', services, removed, complete: true })
    }
    const inParts = () => {
      const parts: number[] = []
      while (store.publish()) parts.push(store.list.members.value.length)
      return parts
    }
    tell('stopped')
    expect(inParts()).toEqual([1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000])
    expect(store.list.members.value.map(({ key }) => key)).toEqual(keys)
    // What is listed already stays, and is told anew by parts.
    tell('paused', ['lamp 00000', 'lamp 09999'])
    expect(store.publish()).toBe(true)
    expect(store.list.members.value).toHaveLength(9998)
    const paused = () =>
      store.list.members.value.filter((one) => store.list.listed(one).lifecycle === 'paused')
    expect(paused()).toHaveLength(1000)
    inParts()
    expect(paused()).toHaveLength(9998)
    expect(store.publish()).toBe(false)
  })

  test('whatever comes as a chart is one, or is passed over', () => {
    expect(chartIn(JSON.parse(JSON.stringify(LIFECYCLE)))).toEqual(LIFECYCLE)
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(chartIn(value)).toBeUndefined()
      }),
    )
    const damaged = {
      ...LIFECYCLE,
      root: { ...LIFECYCLE.root, transitions: [{ id: 'x', event: 'y', trigger: { type: 1 } }] },
    }
    expect(chartIn(damaged)).toBeUndefined()
  })

  test('a snapshot’s value lights its states and those above them', () => {
    expect([...activeIn(LIFECYCLE.root, 'paused')]).toEqual(['service', 'service.paused'])
    expect([...activeIn(chartOf(lampMachine()).root, { on: {} })]).toEqual(['lamp', 'lamp.on'])
    expect([...activeIn(LIFECYCLE.root, undefined)]).toEqual([])
    expect([...activeIn(LIFECYCLE.root, 'nowhere')]).toEqual(['service'])
  })

  test('two moments are told apart by what is not the same at them', async () => {
    const { moments } = filled(pressed(2)).services.get('hall') ?? expect.fail('no service')
    const [first, last] = [moments.stateAt(4), moments.stateAt(moments.length - 1)]
    if (first === undefined || last === undefined) return expect.fail('no states')
    expect(comparison(last, last)).toEqual([])
    expect(comparison(first, last)).toEqual([{ path: ['checkpoint'], before: undefined, after: 3 }])
    const pressedOnce = moments
      .all()
      .findIndex((moment) => moment.type === 'entry' && moment.entry.kind === 'timer')
    expect(comparison(first, moments.stateAt(pressedOnce) ?? first)).toEqual([
      { path: ['state'], before: 'off', after: 'on' },
      {
        path: ['timers', 'xstate.after.60000.lamp.on'],
        before: undefined,
        after: Date.UTC(2026, 5, 1, 9, 31, 0, 12),
      },
      { path: ['checkpoint'], before: undefined, after: 1 },
    ])
  })

  test('differences lead from one value to the other', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (before, after) => {
        const found = differences(before, after, 10_000)
        expect(found.length === 0).toBe(
          JSON.stringify(before) === JSON.stringify(after) || isSame(before, after),
        )
        for (const { path, before: was, after: is } of found) {
          expect(at(before, path)).toEqual(was)
          expect(at(after, path)).toEqual(is)
        }
      }),
    )
  })
})

/** The same but for the order of its fields, and −0. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [ours, theirs] = [Object.keys(a), Object.keys(b)]
  return (
    ours.length === theirs.length &&
    ours.every((key) => Object.hasOwn(b, key) && isSame(at(a, [key]), at(b, [key])))
  )
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
        ? (inner as Readonly<Record<string, unknown>>)[name]
        : undefined,
    value,
  )
}

test('a row is of one moment: beside a state that is told, no timer is due of an older checkpoint', () => {
  const recording = new Recording()
  const lamp = recording.service('hall', lampMachine()).start()
  lamp.send({ type: 'PRESS' })
  const at = (wakeAtMs: number) => ({
    type: 'stored' as const,
    services: [
      {
        key: 'hall',
        definition: 'lamp',
        version: 1,
        checkpoint: 1,
        epoch: 3,
        savedAtMs: 1,
        phase: 'running',
        size: 9,
        wakeAtMs,
      },
    ],
    removed: [],
    complete: true,
  })
  recording.messages.push(at(7))
  const store = filled(recording)
  const due = () => store.list.summary(store.services.get('hall') as never).nextDueAtMs
  expect(due()).toBe(recording.nowMs - 2 + 60_000)
  const before = recording.messages.length
  // The timer goes with the state, though the store is looked at later.
  lamp.send({ type: 'PRESS' })
  for (const message of recording.messages.slice(before - 2)) store.apply(message)
  expect(store.list.summary(store.services.get('hall') as never).machine).toBe('off')
  expect(due()).toBeUndefined()
})

import { describe, expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { chartOf } from '../../src/inspect/chart/chart-of.js'
import type { Shown } from '../../src/inspect/shown.js'
import { mermaidOf } from '../../visualizer/src/exports/mermaid.js'
import { testFileOf } from '../../visualizer/src/exports/test-file.js'
import { traceOf } from '../../visualizer/src/exports/trace.js'
import { newestOf } from '../../visualizer/src/store/service.js'
import { Store } from '../../visualizer/src/store/store.js'
import { messagesIn } from '../../visualizer/src/transport/recorded.js'
import { isMessage } from '../../visualizer/src/transport/shapes.js'
import { demo, lampMachine } from './kit/demo.js'
import { runSaved } from './kit/exported.js'
import { LIFECYCLE, Recording } from './kit/recording.js'

test('a trace that was saved shows the same services with the same moments', async () => {
  const store = new Store()
  for (const message of (await demo()).messages) store.apply(message)
  const again = new Store()
  for (const message of messagesIn(JSON.stringify(traceOf(store))).filter(isMessage)) again.apply(message)
  expect([...again.services.keys()].sort()).toEqual([...store.services.keys()].sort())
  for (const [key, { moments, state }] of store.services) {
    expect(again.services.get(key)?.state).toEqual(state)
    expect(again.services.get(key)?.moments.all()).toEqual(moments.all())
  }
  expect([...again.charts]).toEqual([...store.charts])
})

test('what is missing is missing in a trace that was saved, too', () => {
  const recording = new Recording()
  recording.service('hall', lampMachine()).start()
  const { sequence } = recording.add('hall', { kind: 'event', to: [], event: { type: 'PRESS' } })
  const gap = { incarnation: 'p1', from: sequence + 1, to: sequence + 12 }
  recording.messages.push({ type: 'gap', ...gap, reason: 'budget' })
  const store = stored(recording)
  const missing = {
    incarnation: 'p1',
    sequence: sequence + 14,
    key: 'hall',
    missing: 2,
    of: 'entry',
  } as const
  store.apply({ type: 'missing', ...missing })
  const again = new Store()
  for (const message of messagesIn(JSON.stringify(traceOf(store)))) {
    if (!isMessage(message)) expect.fail('no message')
    again.apply(message)
  }
  const [first, second] = [store, again].map(
    ({ services }) => services.get('hall') ?? expect.fail('no service'),
  )
  expect(second?.moments.all()).toEqual(first?.moments.all())
  expect(second?.moments.all().filter(({ type }) => type === 'gap')).toHaveLength(2)
  expect(again.missing).toBe(14)
})

test('what was shown of a checkpoint that was not recorded is in a saved trace, and what was not shown of others is not', () => {
  const store = new Store()
  const facts = { definition: 'lamp', version: 1, epoch: 1, savedAtMs: 5, size: 9, phase: 'running' }
  const services = ['hall', 'attic'].map((key) => ({ ...facts, key, checkpoint: 8, value: 'on' }))
  store.apply({ type: 'stored', services, removed: [], complete: true })
  const lists = { holds: [], actors: [], timers: [], inbox: [], outbox: [] }
  const state = { definition: 'lamp', version: 1, lifecycle: 'running', revivedFrom: 9, ...lists }
  const newest = { ...facts, key: 'hall', checkpoint: 9, state }
  const earlier = { ...facts, key: 'hall', checkpoint: 8, record: { secret: 'long' } }
  store.apply({ type: 'history', id: 1, key: 'hall', checkpoints: [newest, earlier] })
  const again = new Store()
  for (const message of messagesIn(JSON.stringify(traceOf(store))).filter(isMessage)) again.apply(message)
  expect([...again.services.values()].map(newestOf)).toEqual([newest, services[1]])
  expect(again.services.get('hall')?.history?.checkpoints).toEqual([newest])
})

test('one of a page that has let moments go begins with how the services stood', async () => {
  const store = new Store({ moments: 400 })
  for (const message of (await demo()).messages) store.apply(message)
  const again = new Store()
  for (const message of traceOf(store).messages) again.apply(message)
  for (const [key, { state }] of store.services) expect(again.services.get(key)?.state).toEqual(state)
})

test('a chart as Mermaid has its states, beginnings, regions and transitions, and nothing that Mermaid reads as its own', () => {
  const machine = createMachine({
    id: 'm',
    type: 'parallel',
    states: {
      a: {
        initial: 'x',
        states: { x: { on: { GO: { target: 'y', guard: 'ready', actions: 'act' } } }, y: { type: 'final' } },
      },
      '<b>"; end': { on: { STAY: { actions: 'b: --> c' } } },
      h: {
        entry: ['say', 'end note'],
        exit: 'leave',
        invoke: { src: 'clerk' },
        initial: 'p',
        states: { p: {}, last: { type: 'history' }, all: { type: 'history', history: 'deep' } },
      },
    },
  })
  expect(mermaidOf(chartOf(machine))).toBe(`stateDiagram-v2
  state "m" as s0
  state s0 {
    state "a" as s1
    state s1 {
      [*] --> s2
      state "x" as s2
      state "y" as s3
      s3 --> [*]
    }
    --
    state "#60;b#62;#34;#59; end" as s4
    --
    state "h" as s5
    note right of s5 : entry / say, end note
    note right of s5 : exit / leave
    note right of s5 : invokes clerk
    state s5 {
      [*] --> s6
      state "p" as s6
      state "last (H)" as s7
      state "all (H*)" as s8
    }
  }
  s2 --> s3 : GO [ready] / act
  s4 --> s4 : STAY / b#58; --#62; c
`)
})

test('a state without a name has one in Mermaid, which takes none that is empty', () => {
  const states = { '': { initial: ' ', states: { ' ': { type: 'history' } } }, ok: {} } as const
  const text = mermaidOf(chartOf(createMachine({ id: 'm', initial: 'ok', states })))
  expect(text.match(/state "[^"]*"/g)).toEqual([
    'state "m"',
    'state "(no name)"',
    'state "(no name) (H)"',
    'state "ok"',
  ])
})

function stored(recording: Recording): Store {
  const store = new Store()
  for (const message of recording.messages) store.apply(message)
  return store
}

/** A lamp whose light goes out by itself, pressed thrice. */
function pressed(key: string): Recording {
  const recording = new Recording()
  const lamp = recording.service(key, lampMachine()).start()
  lamp.send({ type: 'PRESS', by: 'Ann' })
  lamp.wait(60_000)
  lamp.send({ type: 'PRESS', [PROTO]: `\u2028*/ </script> \`1` })
  lamp.send({ type: 'PRESS', by: '[redacted]' })
  return recording
}

const PROTO = '__proto__'

/** A lamp that blinks by itself while it is on. */
function blinkMachine() {
  const blinking = {
    initial: 'lit',
    states: { lit: { after: { 100: 'dark' } }, dark: { after: { 100: 'lit' } } },
  }
  return createMachine({
    id: 'lamp',
    initial: 'off',
    states: { off: { on: { PRESS: 'on' } }, on: { on: { PRESS: 'off' }, ...blinking } },
  })
}

/** Delays of it fire, as the library tells of them. */
function blink(recording: Recording, lamp: ReturnType<Recording['service']>, times: number): void {
  for (let at = 0; at < times; at++) {
    const id = `xstate.after.100.lamp.on.${at % 2 === 0 ? 'lit' : 'dark'}`
    recording.nowMs += 100
    lamp.tell({ kind: 'timer', change: 'fired', actor: [], id })
    recording.nowMs -= 100
    lamp.wait(100)
  }
}

test('some moments of a service are a trace of it alone, with how it stood before them', async () => {
  const store = stored(await demo())
  const service = store.services.get('invoice-7') ?? expect.fail('no service')
  const again = new Store()
  const last = service.moments.length - 3
  for (const message of messagesIn(JSON.stringify(traceOf(store, { service, first: 9, last }))).filter(
    isMessage,
  ))
    again.apply(message)
  expect([...again.services.keys()]).toEqual(['invoice-7'])
  const { moments } = again.services.get('invoice-7') ?? expect.fail('no service')
  expect(moments.length).toBe(last - 9 + 2)
  expect(moments.stateAt(0)).toEqual(service.moments.stateAt(8))
  expect(moments.state).toEqual(service.moments.stateAt(last))
})

test.each([
  ['as it was', { size: 3 }, ['    input: {"size":3},']],
  ['not at all where there was none', undefined, []],
  [
    'as a comment where it was not shown whole',
    { pin: '[redacted]' },
    ['    // Not all of the input was shown; write it in its place:', '    // input: {"pin":"[redacted]"},'],
  ],
])('the input that a service began with stands in its test %s', (_, input, lines) => {
  const recording = pressed('hall')
  const event = { type: 'xstate.init', ...(input === undefined ? {} : { input }) }
  recording.add('hall', { kind: 'event', to: [], event })
  const { moments } = stored(recording).services.get('hall') ?? expect.fail('no service')
  const text = testFileOf('hall', moments)
  expect(text.split('\n').filter((line) => line.includes('input'))).toEqual(lines)
})

/** The lines of the sequence. */
const sequenceIn = (text: string) => text.split('\n').filter((line) => /^ {8}\S/.test(line))

test('times between which nothing lies are one step', () => {
  const recording = new Recording()
  const lamp = recording.service('hall', blinkMachine()).start()
  lamp.send({ type: 'PRESS' })
  blink(recording, lamp, 50)
  lamp.send({ type: 'PRESS' }, 30)
  const { moments } = stored(recording).services.get('hall') ?? expect.fail('no service')
  expect(sequenceIn(testFileOf('hall', moments))).toEqual([
    '        {"type":"PRESS"},',
    '        {"do":"advance","ms":5032},',
    '        {"type":"PRESS"},',
  ])
})

/** A lamp with a timer of a policy that is pressed, rests or dies for an hour, and is pressed again. */
function rested(policy: string, isKilled: boolean): Recording {
  const recording = new Recording()
  recording.service('hall', lampMachine()).start()
  const what = { target: [], event: { type: 'OUT' }, delayMs: 8000, dueAtMs: recording.nowMs + 8000, policy }
  recording.add('hall', { kind: 'timer', change: 'set', actor: [], id: 'out', what })
  recording.add('hall', { kind: 'event', to: [], event: { type: 'PRESS' } })
  recording.nowMs += 1000
  if (isKilled) {
    recording.commit('hall')
    recording.nowMs += 500
    recording.add('hall', { kind: 'event', to: ['nobody'], event: { type: 'LOST' } })
    recording.nowMs += 3_600_000
    recording.restart('p2')
    const begun = { definition: 'lamp', version: 1, chart: '', lifecycleChart: LIFECYCLE.hash }
    recording.add('hall', { kind: 'service', ...begun })
  } else {
    recording.add('hall', { kind: 'lifecycle', state: 'paused', event: 'lifecycle.durable' })
    recording.nowMs += 3_600_000
    recording.add('hall', { kind: 'lifecycle', state: 'failed', event: 'lifecycle.failed' })
    recording.nowMs += 3_600_000
    recording.add('hall', { kind: 'lifecycle', state: 'resuming', event: 'lifecycle.retry' })
  }
  recording.add('hall', { kind: 'revived', fresh: false, slept: false, checkpoint: 1 })
  recording.add('hall', { kind: 'timer', change: 'kept', actor: [], id: 'out', what })
  recording.add('hall', { kind: 'lifecycle', state: 'running', event: 'lifecycle.revived' })
  recording.nowMs += 2000
  recording.add('hall', { kind: 'event', to: [], event: { type: 'PRESS' } })
  return recording
}

test.each([
  ['remaining', false, [1000, 2000]],
  ['restart', false, [1000, 2000]],
  // Until it is retried it does nothing, and then what is overdue comes at once.
  ['deadline', false, [3_601_000, 3_600_000, 2000]],
  // Its checkpoint was captured 1.42 ms before it was committed.
  ['remaining', true, [2999]],
  ['deadline', true, [3_603_500]],
])('of a rest, a timer with the policy %s takes over what it counted', (policy, isKilled, times) => {
  const text = textOf(rested(policy, isKilled))
  const told = sequenceIn(text).flatMap((line) => /"ms":(\d+)/.exec(line)?.[1] ?? [])
  expect(told).toEqual(times.map(String))
  expect(text).toContain(
    isKilled ? '// What is not played: 1 further process.\n' : '// What is not played: 1 pause.\n',
  )
})

test('a failure stands where it was, and its retry is played', () => {
  const sent = sequenceIn(textOf(rested('remaining', false)))
  expect(sent.slice(2, 4)).toEqual(['        // Here it failed', '        {"do":"retry"},'])
  const recording = new Recording()
  recording.service('hall', lampMachine()).start().send({ type: 'PRESS' })
  const failure = { name: 'RangeError', message: 'the valve\nis stuck' }
  recording.add('hall', { kind: 'lifecycle', state: 'failed', event: 'lifecycle.failed', failure })
  const text = textOf(recording)
  expect(text).toContain('        // Here it failed: "RangeError: the valve is stuck"\n      ],')
  expect(text).toContain('// It failed once, with a comment in its place')
})

test('a failure that each further process tells again is one, and what passes until its retry comes before that', () => {
  const recording = rested('deadline', false)
  const told = ['MachineFailedError', 'FailedEarlierError', 'FailedEarlierError']
  for (const name of told) {
    const failure = { name, message: 'the valve is stuck' }
    recording.nowMs += 1000
    recording.add('hall', { kind: 'lifecycle', state: 'failed', event: 'lifecycle.failed', failure })
  }
  recording.nowMs += 1000
  recording.add('hall', { kind: 'lifecycle', state: 'resuming', event: 'lifecycle.retry' })
  const text = textOf(recording)
  expect(text).toContain('// It failed 2 times')
  expect(sequenceIn(text).slice(-5)).toEqual([
    '        {"type":"PRESS"},',
    '        {"do":"advance","ms":1000},',
    '        // Here it failed: "MachineFailedError: the valve is stuck"',
    '        {"do":"advance","ms":3000},',
    '        {"do":"retry"},',
  ])
})

test('an event that the machine takes in no state, and one that was refused or lost, are comments, counted at the head', () => {
  const recording = new Recording()
  const lamp = recording.service('hall', lampMachine()).start()
  lamp.send({ type: 'PRESS' })
  lamp.tell({ kind: 'event', to: [], event: { type: 'PRES' } })
  recording.commit('hall')
  const { sequence } = recording.add('hall', {
    kind: 'event',
    to: [],
    event: { type: 'PRESS', by: 'refused' },
  })
  const commit = { checkpoint: 4, epoch: 1, size: 9, durationMs: 1, upTo: sequence }
  lamp.tell({ kind: 'commit', ok: false, phase: 'running', ...commit })
  lamp.lifecycle('failed', 'lifecycle.failed')
  // It holds that it failed, and what was before.
  lamp.tell({ kind: 'commit', ok: true, phase: 'failed', ...commit })
  recording.restart('p2')
  const again = recording.service('hall', lampMachine(), undefined, 4).start()
  again.send({ type: 'PRESS', by: 'taken' })
  again.tell({ kind: 'event', to: [], event: { type: 'PRESS', by: 'lost' } })
  recording.restart('p3')
  const third = recording.service('hall', lampMachine(), undefined, 5)
  third.tell({ kind: 'event', to: [], event: { type: 'PRESS', by: 'in a checkpoint whose line is lost' } })
  recording.restart('p4')
  recording.service('hall', lampMachine(), undefined, 6)
  const store = stored(recording)
  const { moments, state } = store.services.get('hall') ?? expect.fail('no service')
  const chart = store.charts.get(state?.chart ?? '')
  const text = testFileOf('hall', moments, 0, moments.length - 1, undefined, chart)
  expect(text).toContain(`// What the service did not take, each with a comment in its place:
// - 1 event ("PRES" × 1), taken in no state
// - 2 events ("PRESS" × 2), refused, or lost with the process
`)
  expect(sequenceIn(text).filter((line) => !line.includes('"do":"advance"'))).toEqual([
    '        {"type":"PRESS"},',
    '        // The machine takes this one in no state:',
    '        // {"type":"PRES"},',
    '        // This one was refused, or lost with its process:',
    '        // {"type":"PRESS","by":"refused"},',
    '        // Here it failed',
    '        {"type":"PRESS","by":"taken"},',
    '        // This one was refused, or lost with its process:',
    '        // {"type":"PRESS","by":"lost"},',
    '        {"type":"PRESS","by":"in a checkpoint whose line is lost"},',
    '        // Write here what it was sent between: checkpoint 6 was not recorded.',
  ])
})

test('what could not be taken over is counted at the head of the test, and has a comment in its place', () => {
  const recording = new Recording()
  const lamp = recording.service('hall', lampMachine()).start()
  lamp.send({ type: 'PRESS', by: '[redacted]' })
  lamp.send({ type: 'PRESS', by: 'x[5 characters more]' })
  lamp.send({ type: 'SAVE', pin: '[redacted]' })
  const { sequence } = recording.add('hall', { kind: 'event', to: [], event: '[unreadable]' })
  recording.messages.push({
    type: 'gap',
    incarnation: 'p1',
    from: sequence + 1,
    to: sequence + 12,
    reason: 'budget',
  })
  recording.restart('p2')
  // Of another service, so that numbers of checkpoints go on.
  for (let checkpoint = 5; checkpoint < 10; checkpoint++) recording.commit('cellar')
  const again = recording.service('hall', lampMachine(), undefined, 9).start()
  again.tell({ kind: 'inbox', change: 'accepted', event: { type: 'LATE' } })
  const { moments } = stored(recording).services.get('hall') ?? expect.fail('no service')
  const text = testFileOf('hall', moments, 0, moments.length - 1, { checkpoint: 12, isLineLost: false })
  expect(text.split('\n').slice(1, 7)).toEqual([
    '// What the trace does not tell, each with a comment in its place:',
    '// - 4 events ("PRESS" × 2, "SAVE" × 1, "(event)" × 1), not shown whole',
    '// - 1 event ("LATE" × 1), in the inbox at the end',
    '// - 12 entries of its process are missing here',
    '// - checkpoints 5 to 9 were not recorded',
    '// - checkpoints 11 to 12 were not recorded',
  ])
  expect(sequenceIn(text).filter((line) => !line.includes('"do":"advance"'))).toEqual([
    '        // Not all of this event was shown; write it in its place:',
    '        // {"type":"PRESS","by":"[redacted]"},',
    '        // Not all of this event was shown; write it in its place:',
    '        // {"type":"PRESS","by":"x[5 characters more]"},',
    '        // Not all of this event was shown; write it in its place:',
    '        // {"type":"SAVE","pin":"[redacted]"},',
    '        // Not all of this event was shown; write it in its place:',
    '        // "[unreadable]",',
    '        // Write here what it was sent between: 12 entries of its process are missing here.',
    '        // Write here what it was sent between: checkpoints 5 to 9 were not recorded.',
    '        // This one waits in the inbox at the end:',
    '        // {"type":"LATE"},',
    '        // Write here what it was sent between: checkpoints 11 to 12 were not recorded.',
  ])
  expect(testFileOf('hall', moments, 0, 5)).not.toContain('does not tell')
})

test('a checkpoint that was not recorded is told by its number alone where its life has lower ones, and once where several lives go on from it', () => {
  const recording = new Recording()
  recording.service('hall', lampMachine()).start()
  for (let at = 0; at < 4; at++) recording.commit('hall')
  const textOf = (newest?: number) =>
    testFileOf(
      'hall',
      stored(recording).services.get('hall')?.moments ?? expect.fail('none'),
      0,
      undefined,
      newest === undefined ? newest : { checkpoint: newest, isLineLost: false },
    )
  expect(textOf(5)).toContain('// - checkpoint 5 was not recorded')
  expect(textOf(2)).toContain('// - checkpoint 2 was not recorded')
  expect(textOf(7)).toContain('// - checkpoints 6 to 7 were not recorded')
  for (let at = 0; at < 2; at++) {
    recording.add('hall', {
      kind: 'service',
      definition: 'lamp',
      version: 1,
      chart: '',
      lifecycleChart: LIFECYCLE.hash,
    })
    recording.add('hall', { kind: 'revived', fresh: false, slept: false, checkpoint: 9 })
  }
  const lines = textOf()
    .split('\n')
    .filter((line) => line.includes('recorded'))
  expect(lines).toEqual([
    '// - checkpoints 6 to 9 were not recorded',
    '        // Write here what it was sent between: checkpoints 6 to 9 were not recorded.',
  ])
})

test('of a trace that begins with a later life the test says where the input goes; of another application it begins where that began', () => {
  const text = (recording: Recording, key: string) =>
    testFileOf(key, stored(recording).services.get(key)?.moments ?? expect.fail('no service'))
  const later = new Recording()
  later.add('hall', { kind: 'revived', fresh: false, slept: false, checkpoint: 4 })
  later.add('hall', { kind: 'event', to: [], event: { type: 'xstate.init' } })
  expect(text(later, 'hall')).toContain('    // Where the machine takes one: input: …,')
  expect(text(later, 'hall')).toContain('begins in its middle')
  const guest = new Recording()
  guest.add('app', { kind: 'event', to: [], event: { type: 'xstate.init', input: { by: 'Ann' } } })
  guest.add('app', { kind: 'event', to: [], event: { type: 'PRESS' } })
  expect(text(guest, 'app')).toContain('    input: {"by":"Ann"},')
  expect(text(guest, 'app')).not.toContain('begins in its middle')
  const { moments } = stored(guest).services.get('app') ?? expect.fail('no service')
  const untimed = '// Its delays are not told of, and no time passes here'
  expect(testFileOf('app', moments, 0, undefined, undefined, chartOf(lampMachine()))).toContain(untimed)
  expect(text(later, 'hall')).not.toContain(untimed)
})

test('of a service that was removed and begun anew, the test is of its last life', () => {
  const recording = new Recording()
  const begin = (input: number, event: string) => {
    recording.add('hall', { kind: 'revived', fresh: true, slept: false, checkpoint: 0 })
    recording.add('hall', { kind: 'event', to: [], event: { type: 'xstate.init', input } })
    recording.add('hall', { kind: 'event', to: [], event: { type: event } })
  }
  begin(1, 'FIRST')
  const { moments } = stored(recording).services.get('hall') ?? expect.fail('no service')
  expect(testFileOf('hall', moments)).not.toContain('begun anew')
  begin(2, 'SECOND')
  const both = stored(recording).services.get('hall')?.moments ?? expect.fail('no service')
  const text = testFileOf('hall', both)
  expect(sequenceIn(text)).toEqual(['        {"type":"SECOND"},'])
  expect(text).toContain('    input: 2,')
  expect(text).toContain('// It was removed and begun anew: what it was sent before that is left out.')
})

test('what has no driver yet is said at the head of the test: a task of these runs for real', () => {
  const recording = new Recording()
  const lamp = recording.service('hall', lampMachine()).start()
  expect(textOf(recording)).not.toContain('ATTENTION')
  lamp.actors('weigh', 'ring')
  const head = textOf(recording).split('import ')[0]
  expect(head).toContain(`// ATTENTION: no driver says yet what is answered by "ring", "weigh".\n`)
  expect(head).toContain('A task without one RUNS FOR REAL')
})

test('what the machine invokes in states in which it never was has no driver either, and what was a machine takes none', () => {
  const recording = new Recording()
  const machine = createMachine({
    id: 'lamp',
    initial: 'off',
    states: {
      off: { on: { PRESS: 'on' } },
      on: { invoke: [{ src: 'heart' }, { src: 'clock' }, { src: 'weigh' }] },
    },
  })
  const lamp = recording.service('hall', machine).start()
  const chart = chartOf(machine)
  lamp.tell({ kind: 'actor', actor: ['clock'], logic: 'clock', chart: chart.hash, snapshot: {} })
  lamp.actors('weigh')
  const { moments } = stored(recording).services.get('hall') ?? expect.fail('no service')
  const text = testFileOf('hall', moments, 0, undefined, undefined, chart)
  expect(text).toContain(
    '// ATTENTION: no driver says yet what is answered by "weigh", "heart".\n// Of "heart" none began here',
  )
  expect(text).toContain('      // "weigh": { … },\n      // "heart": { … },\n    },')
})

test('of a service that was sent nothing the test has a step, for each sequence must have one', () => {
  const recording = new Recording()
  recording.service('hall', lampMachine()).start()
  expect(sequenceIn(textOf(recording))).toEqual(["        { do: 'advance', ms: 0 },"])
})

describe('what actors have answered', () => {
  /** A lamp that has something weighed: asked, and answered so much later. */
  const weighed = (recording: Recording, event: Shown | undefined, ms: number): void => {
    recording.add('hall', { kind: 'actor', actor: ['scale'], logic: 'weigh', snapshot: {} })
    recording.nowMs += ms
    if (event !== undefined) recording.add('hall', { kind: 'event', to: ['scale'], from: ['scale'], event })
    recording.add('hall', { kind: 'ended', actor: ['scale'] })
  }
  const begun = () => {
    const recording = new Recording()
    recording.service('hall', lampMachine()).start()
    return recording
  }
  const done = (output: Shown = null) => ({ type: 'xstate.promise.resolve', data: output })
  const driversOf = (recording: Recording) =>
    textOf(recording)
      .split('actors: {\n')[1]
      ?.split('\n    },')[0]
      ?.split('\n')
      .map((line) => line.slice(6))

  test('is what its driver says, after the time that the test plays meanwhile', () => {
    const recording = begun()
    weighed(recording, done({ kg: 3 }), 250)
    weighed(recording, done({ kg: 3 }), 250)
    expect(driversOf(recording)).toEqual(['"weigh": { resolves: {"kg":3}, afterMs: 250 },'])
    expect(sequenceIn(textOf(recording))).toEqual(['        {"do":"advance","ms":500},'])
    expect(textOf(recording)).not.toContain('ATTENTION')
  })

  test('is one after another where they differ; errors are such, and what never came never comes', () => {
    const recording = begun()
    weighed(recording, { type: 'tardigrade.task.done' }, 0)
    weighed(recording, { type: 'xstate.promise.reject', data: { name: 'Error', message: 'it is stuck' } }, 0)
    weighed(
      recording,
      { type: 'tardigrade.task.failed', error: { name: 'RangeError', message: '9', kg: 9 } },
      5,
    )
    weighed(recording, { type: 'xstate.promise.reject', data: 'thrown' }, 0)
    weighed(recording, undefined, 40)
    expect(driversOf(recording)).toEqual([
      '"weigh": [',
      '  { resolves: undefined },',
      '  { rejects: new Error("it is stuck") },',
      '  { rejects: Object.assign(new Error("9"), {"name":"RangeError","kg":9}), afterMs: 5 },',
      '  { rejects: "thrown" },',
      '  { resolves: undefined, afterMs: 1000000000000 } /* it had not answered */,',
      '],',
    ])
  })

  test('is asked for where some of it was not shown, and said to be a guess where it may be of another type', () => {
    const hidden = begun()
    weighed(hidden, done({ pin: '[redacted]' }), 1)
    expect(textOf(hidden)).toContain('// "weigh": { … },')
    const guess = begun()
    weighed(guess, done('12n'), 1)
    expect(textOf(guess)).toContain('// What JSON does not have is written as it was shown')
    expect(driversOf(guess)).toEqual(['"weigh": { resolves: 12n, afterMs: 1 },'])
  })

  test('is one answer where another process tells of the actor again that asked', () => {
    const recording = begun()
    recording.add('hall', { kind: 'actor', actor: ['scale'], logic: 'weigh', snapshot: {} })
    recording.nowMs += 10
    recording.restart('p2')
    recording.service('hall', lampMachine(), undefined, 1)
    weighed(recording, done(1), 10)
    expect(driversOf(recording)).toEqual(['"weigh": { resolves: 1, afterMs: 20 },'])
  })
})

function textOf(recording: Recording): string {
  return testFileOf('hall', stored(recording).services.get('hall')?.moments ?? expect.fail('no service'))
}

test('a test has time for each commit and effect, and of a long trace it is said how to have less', () => {
  const recording = new Recording()
  const lamp = recording.service('hall', blinkMachine()).start()
  blink(recording, lamp, 500)
  const { moments } = stored(recording).services.get('hall') ?? expect.fail('no service')
  const long = testFileOf('hall', moments)
  expect(long).toMatch(/\n}, 300000\)\n$/)
  expect(long.split('\n').filter((line) => line.includes('takes less'))).toHaveLength(1)
  const short = testFileOf('hall', moments, 0, 499)
  expect(short).toMatch(/\n}, 300000\)\n$/)
  expect(short).not.toContain('takes less')
})

test('what a service was sent is a test, which vitest runs', async () => {
  const key = `hall\n"\u2029; import 'x'`
  const { moments } = stored(pressed(key)).services.get(key) ?? expect.fail('no service')
  const text = testFileOf(key, moments)
  expect(text.split(/[\n\u2028\u2029]/).filter((line) => /^ {8}/.test(line))).toEqual([
    '        {"type":"PRESS","by":"Ann"},',
    '        {"do":"advance","ms":60014},',
    '        {"type":"PRESS",["__proto__"]:"\\u2028*/ </script> `1"},',
    '        {"do":"advance","ms":14},',
    '        // Not all of this event was shown; write it in its place:',
    '        // {"type":"PRESS","by":"[redacted]"},',
  ])
  // From the second event on, somebody must add what comes before.
  expect(testFileOf(key, moments, 12)).toContain('The trace begins in its middle')

  const told = await runSaved(
    text,
    `import { createMachine } from 'xstate'
export default createMachine({
  id: 'lamp',
  initial: 'off',
  states: { off: { on: { PRESS: 'on' } }, on: { on: { PRESS: 'off' }, after: { 60000: 'off' } } },
})`,
  )
  expect(told).toMatch(/Tests +1 passed/)
})

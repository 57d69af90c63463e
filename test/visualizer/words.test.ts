import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { chartOf } from '../../src/inspect/chart/chart-of.js'
import { stateKey, statePath } from '../../visualizer/src/chart/state-keys.js'
import { counted, eventName, pathName } from '../../visualizer/src/chart/words.js'
import { Messages } from '../../visualizer/src/panes/messages.js'
import { Moments } from '../../visualizer/src/store/moments.js'

const chart = chartOf(
  createMachine({
    id: 'lamp',
    initial: 'off',
    states: { off: {}, on: { id: 'lit', initial: 'dim', states: { dim: {} } } },
  }),
)
const keyOf = (id: string) => stateKey([chart], id)

test('a state is called by its key, whatever its id', () => {
  expect(['lamp.off', 'lit', 'lamp.on.dim', 'other.place.here'].map(keyOf)).toEqual([
    'off',
    'on',
    'dim',
    'here',
  ])
  expect(statePath('lamp.on.dim', 'dim')).toBe('on.dim')
  expect(statePath('lit', 'on')).toBe('on')
})

test('and so is the end of its delay', () => {
  expect(eventName('xstate.after.3600000.lit', keyOf)).toBe('after 1 h in on')
  expect(eventName('xstate.after.backoff.lamp.on.dim', keyOf)).toBe('after backoff in on.dim')
  expect(eventName('PRESS', keyOf)).toBe('PRESS')
  // As XState 4 writes them.
  expect(eventName('xstate.after(3000)#lit', keyOf)).toBe('after 3 s in on')
  expect(eventName('xstate.after(backoff)#lamp.on.dim', keyOf)).toBe('after backoff in on.dim')
  expect(['done.invoke.bulb', 'error.platform.bulb'].map((event) => eventName(event, keyOf))).toEqual([
    'done bulb',
    'error bulb',
  ])
})

test('an actor to which nobody has given an id is called by what it runs, and so are the events of it', () => {
  const moments = new Moments()
  const actor = (path: readonly string[], logic: string) =>
    moments.add({
      type: 'entry',
      incarnation: 'p',
      entry: { sequence: 1, atMs: 1, key: 'k', kind: 'actor', actor: path, logic, snapshot: null },
    })
  actor(['0.lamp.on'], 'shine')
  actor(['bulb'], 'filament')
  const { logicOf } = moments
  const names = ['done.actor.0.lamp.on', 'error.actor.bulb', 'snapshot.1.lamp.off'].map((event) =>
    eventName(`xstate.${event}`, keyOf, logicOf),
  )
  expect(names).toEqual(['done shine', 'error bulb', 'news of 1.lamp.off'])
  expect([[], ['0.lamp.on', 'bulb']].map((path) => pathName(path, logicOf))).toEqual([
    'the machine',
    'shine › bulb',
  ])
  // What is known of it stays known when the moment makes room.
  moments.add({ type: 'gap', incarnation: 'p', sequence: 2, missing: 1 })
  moments.dropOldest()
  expect(logicOf('0.lamp.on')).toBe('shine')
})

test('of lanes with one name each is called by its whole path', () => {
  const moments = new Moments()
  for (const to of [['one'], ['one', 'worker'], ['two', 'worker'], ['three', 'worker']])
    moments.add({
      type: 'entry',
      incarnation: 'p',
      entry: { sequence: 1, atMs: 1, key: 'k', kind: 'event', to, event: { type: 'GO' } },
    })
  const messages = new Messages(moments, 0)
  messages.goOn()
  expect(messages.lanes).toEqual(['outside', 'one', 'one › worker', 'two › worker', 'three › worker'])
})

test('one is one, and many are told in thousands', () => {
  expect([counted(1, 'state'), counted(2000, 'state'), counted(2, 'entry', 'entries')]).toEqual([
    '1 state',
    '2,000 states',
    '2 entries',
  ])
})

import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { chartOf } from '../../src/inspect/chart/chart-of.js'
import { stateKey, statePath } from '../../visualizer/src/chart/state-keys.js'
import { counted, eventName } from '../../visualizer/src/chart/words.js'

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
})

test('one is one, and many are told in thousands', () => {
  expect([counted(1, 'state'), counted(2000, 'state'), counted(2, 'entry', 'entries')]).toEqual([
    '1 state',
    '2,000 states',
    '2 entries',
  ])
})

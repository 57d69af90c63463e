import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { chartOf } from '../../src/inspect/chart/chart-of.js'
import { matchedStates } from '../../visualizer/src/chart/folding.js'

test('the states in which a machine can be are named as `matches` takes them, whatever their ids', () => {
  const machine = createMachine({
    id: 'lamp',
    initial: 'off',
    states: {
      off: {},
      asked: { always: 'on' },
      unsure: { always: { guard: () => false, target: 'on' } },
      on: {
        id: 'lit',
        initial: 'dim',
        states: { dim: {}, bright: { id: 'glare' }, last: { type: 'history' } },
      },
    },
  })
  expect(matchedStates(chartOf(machine))).toEqual(['off', 'unsure', 'on', 'on.dim', 'on.bright'])
})

import { expect, test } from 'vitest'
import { createActor, createMachine } from 'xstate'
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

test('a state that is always left at once is none of them, also behind guarded ways; one that always leads into itself is', () => {
  const machine = createMachine({
    id: 'm',
    initial: 'off',
    on: { ASK: '.asked', GO: '.inward' },
    states: {
      off: {},
      asked: {
        always: [{ guard: () => false, target: 'off' }, { target: 'off' }],
        initial: 'a',
        states: { a: {} },
      },
      inward: { always: '.b', initial: 'a', states: { a: {}, b: {} } },
      acting: { always: { actions: () => {} } },
    },
  })
  const actor = createActor(machine).start()
  actor.send({ type: 'ASK' })
  expect(actor.getSnapshot().value).toBe('off')
  actor.send({ type: 'GO' })
  expect(actor.getSnapshot().value).toEqual({ inward: 'b' })
  expect(matchedStates(chartOf(machine))).toEqual(['off', 'inward', 'inward.a', 'inward.b', 'acting'])
})

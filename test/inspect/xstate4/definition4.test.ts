import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { chartOfConfig } from '../../../src/inspect/chart/chart-of.js'
import { xstate4Config } from '../../../src/inspect/guests/config4.js'
import { shown } from '../../../src/inspect/shown.js'
import { definition4 } from '../../../src/inspect/xstate4/definition4.js'

interface Machine4 {
  readonly definition: object
}
const fromHere = createRequire(new URL('../../xstate-inspect/package.json', import.meta.url))
const { createMachine } = fromHere('xstate') as { createMachine(config: unknown): Machine4 }

/** Most of what a config of XState 5 can say, as plain data. */
const config = {
  id: 'all',
  initial: 'one',
  on: {
    ANY: { actions: ['note'] },
    GO: [
      { guard: 'isLate', target: '.two' },
      { target: '.one', reenter: true },
    ],
  },
  states: {
    one: {
      tags: ['busy'],
      description: 'the first',
      entry: [{ type: 'greet', params: { to: 'you' } }],
      exit: 'leave',
      invoke: { id: 'work', src: 'work', onDone: 'two', onError: { target: 'end', actions: 'note' } },
      after: { 1000: 'two', SOON: { target: 'end', guard: 'isLate' } },
      always: { guard: { type: 'isOver' }, target: 'end' },
      on: { AGAIN: { target: 'one', reenter: true }, SAME: { target: 'one' } },
    },
    two: {
      type: 'parallel',
      onDone: 'end',
      states: {
        left: { initial: 'a', states: { a: { on: { NEXT: 'b' } }, b: { type: 'final' } } },
        right: { initial: 'a', states: { a: {}, back: { type: 'history', history: 'deep', target: 'a' } } },
      },
    },
    end: { type: 'final' },
  },
}

test('a chart is the same after XState 4 has read the definition and its inspector has told it again', () => {
  const machine = createMachine({
    predictableActionArguments: true,
    ...definition4(shown(config, 'definition', (value) => value)),
  })
  const again = xstate4Config(JSON.parse(JSON.stringify(machine.definition)))
  const told = chartOfConfig(again).root
  const own = chartOfConfig(config).root
  expect(bare(told)).toEqual(bare(own))
})

/** What both say: the order of transitions, their ids, and where a history begins are told otherwise. */
function bare(state: ReturnType<typeof chartOfConfig>['root']): unknown {
  const { states = [], transitions = [], ...rest } = state
  const lines = transitions
    .filter(({ trigger }) => trigger.type !== 'default')
    .map(({ trigger, guard, actions, targets, reenter }) =>
      JSON.stringify({ trigger, guard, actions, targets, reenter }),
    )
  return { ...rest, transitions: lines.sort(), states: states.map(bare) }
}

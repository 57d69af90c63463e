// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { chartOf } from '../../src/inspect/chart/chart-of.js'
import { lineText } from '../../visualizer/src/panes/line-text.js'
import { Lines } from '../../visualizer/src/panes/lines.js'
import { stateName } from '../../visualizer/src/panes/state-names.js'
import { store } from '../../visualizer/src/shell/session.js'
import { Store } from '../../visualizer/src/store/store.js'
import { Recording } from './kit/recording.js'

const station = { initial: 'idle', states: { idle: { on: { GO: 'unloading' } }, unloading: {} } }
const hall = createMachine({
  id: 'hall',
  type: 'parallel',
  states: {
    milling: station,
    packing: { initial: 'idle', states: { idle: { on: { PACK: 'packed' } }, packed: { id: 'ready' } } },
  },
})

test('a state is called by its key, and by those around it as far as others have that key', () => {
  const deep = createMachine({
    id: 'deep',
    initial: 'a',
    states: {
      a: { initial: 'x', states: { x: { initial: 'on', states: { on: {} } }, off: {} } },
      b: { initial: 'x', states: { x: { initial: 'on', states: { on: {} } } } },
    },
  })
  const names = ['deep', 'deep.a', 'deep.a.off', 'deep.a.x.on', 'deep.b.x'].map((id) =>
    stateName([chartOf(hall), chartOf(deep)], id),
  )
  expect(names).toEqual(['deep', 'a', 'off', 'a.x.on', 'b.x'])
  expect(stateName([chartOf(hall)], 'ready')).toBe('packed')
  expect(stateName([chartOf(hall)], 'deep.a')).toBeUndefined()
})

test('a step says in which part of a parallel machine it was, where the key alone does not, and the filter finds it by that', () => {
  const recording = new Recording()
  const both = createMachine({ ...hall.config, states: { milling: station, washing: station } })
  const subject = recording.service('hall A', both).start()
  subject.send({ type: 'GO' })
  store.value = new Store()
  for (const message of recording.messages) store.value.apply(message)
  const { moments } = store.value.services.get('hall A') ?? expect.fail('no service')
  const lines = new Lines(moments, 0, new Set(), 'milling.unl')
  lines.goOn()
  const found = lines.list.flatMap((line) => {
    const moment = line.type === 'moment' ? moments.at(line.index) : undefined
    return moment === undefined ? [] : [lineText(moment, moments)]
  })
  expect(found).toEqual(['→ milling.unloading → washing.unloading'])
})

import { expect, test } from 'vitest'
import { setup } from 'xstate'
import { chartOf } from '../../src/inspect/chart/chart-of.js'
import { figureOf } from '../../visualizer/src/chart/figure.js'
import { fitted } from '../../visualizer/src/chart/text.js'

const measure = (text: string) => text.length * 10

test('a text that is too long keeps its end, and of an end that is too long the text keeps some room', () => {
  const shown = (text: string, end: string) => fitted(text, '', 100, measure, end)
  expect(shown('abc', ' → def')).toBe('abc → def')
  expect(shown('after 15 s / assign', ' → off')).toBe('aft… → off')
  expect(shown('after 15 s', ' → unloading')).toBe('af… → unl…')
})

test('where a row says what leads out of a state and is too long, its actions are cut and not where it leads', () => {
  const station = setup({ actions: { assign: () => {}, handOver: () => {} } }).createMachine({
    id: 'station',
    initial: 'loading',
    states: {
      loading: { after: { 1500: { target: 'unloading', actions: ['assign', 'handOver'] } } },
      unloading: {},
    },
  })
  const { boxes } = figureOf(chartOf(station), new Set(), measure, true)
  const row = boxes.get('station.loading')?.rows[0]
  expect(row?.text).toBe('after 1.5 s … → unloading')
  expect(row?.full).toBe('after 1.5 s / assign, handOver → unloading')
})

// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import type { Change } from '../../src/inspect/stream/change.js'
import { lineText } from '../../visualizer/src/panes/lines.js'
import { Moments } from '../../visualizer/src/store/moments.js'

test('the start of an actor is told by its name, and one of something as one', () => {
  const moments = new Moments()
  const what = { effectKind: 'start', actor: ['bulb'], name: 'xstate.init' } as const
  const effect = {
    type: 'entry',
    incarnation: 'p',
    entry: { sequence: 1, atMs: 1, key: 'k', kind: 'effect', effect: 1, change: 'released', what },
  } as const
  moments.add(effect)
  expect(lineText(effect, moments)).toBe('start bulb runs')
  const missing = (missing: number) =>
    lineText({ type: 'gap', incarnation: 'p', sequence: 2, missing }, moments)
  expect([1, 2].map(missing)).toEqual([
    '1 entry of its process is missing here',
    '2 entries of its process are missing here',
  ])
})

test('a step of which no transitions are told is no step of nothing where it has changed something', () => {
  const step = (changes: readonly Change[]) =>
    lineText(
      {
        type: 'entry',
        incarnation: 'p',
        entry: { sequence: 1, atMs: 1, key: 'k', kind: 'step', actor: [], event: 'SELL', changes },
      },
      new Moments(),
    )
  expect(step([{ path: ['context', 'sold'], value: 1 }])).toBe('1 change of context')
  expect(step([])).toBe('nothing')
  expect(step([{ path: ['value'], value: 'on' }])).toBe('→ on')
})

// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import type { Change } from '../../src/inspect/stream/change.js'
import { type Kind, Lines, lineText, pauseText } from '../../visualizer/src/panes/lines.js'
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

test('a time between two lines is a silence where nothing lies in it, and tells how many moments the filter hides', () => {
  const moments = new Moments()
  const add = (atMs: number, kind: 'event' | 'asleep') =>
    moments.add({
      type: 'entry',
      incarnation: 'p',
      entry: {
        sequence: moments.length + 1,
        atMs,
        key: 'k',
        ...(kind === 'event' ? { kind, to: [], event: { type: 'PRESS' } } : { kind }),
      },
    })
  add(0, 'event')
  add(4000, 'asleep')
  add(12_000, 'event')
  add(12_500, 'asleep')
  add(12_900, 'event')
  const pauses = (hidden: ReadonlySet<Kind>) => {
    const lines = new Lines(moments, 0, hidden, '')
    lines.goOn()
    return lines.list.flatMap((line) => (line.type === 'pause' ? [pauseText(line)] : []))
  }
  expect(pauses(new Set())).toEqual(['nothing for 4 s', 'nothing for 8 s'])
  expect(pauses(new Set(['lifecycle']))).toEqual(['1 moment hidden, over 12 s'])
  add(12_950, 'asleep')
  add(14_000, 'asleep')
  add(20_000, 'event')
  expect(pauses(new Set(['lifecycle'])).at(-1)).toBe('2 moments hidden, over 7.1 s')
})

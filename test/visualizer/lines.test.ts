// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import type { Change } from '../../src/inspect/stream/change.js'
import type { EffectShown, Entry, Happening } from '../../src/inspect/stream/entry.js'
import { errorText } from '../../visualizer/src/panes/error-text.js'
import { insideOf } from '../../visualizer/src/panes/inside.js'
import { isIgnored, lineText } from '../../visualizer/src/panes/line-text.js'
import { type Kind, Lines, pauseText } from '../../visualizer/src/panes/lines.js'
import { Messages } from '../../visualizer/src/panes/messages.js'
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
  expect(lineText(effect, moments)).toBe('starts bulb')
  const done = { ...effect, entry: { ...effect.entry, change: 'done' } } as const
  // It goes on to work.
  expect(lineText(done, moments)).toBe('started bulb')
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
  expect(step([])).toBe('nothing changed')
  expect(step([{ path: ['value'], value: 'on' }])).toBe('→ on')
  expect(step([{ path: ['value', 'left'], value: 'on' }])).toBe('→ left.on')
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
    return lines.list.flatMap((line) => (line.type === 'pause' ? [pauseText(line, moments)] : []))
  }
  expect(pauses(new Set())).toEqual(['nothing for 4 s', 'nothing for 8 s'])
  expect(pauses(new Set(['lifecycle']))).toEqual(['1 moment hidden, over 12 s'])
  // Also before the first line, however short that was.
  expect(pauses(new Set(['event']))).toEqual(['1 moment hidden, over 4 s', '1 moment hidden, over 8.5 s'])
  add(12_950, 'asleep')
  add(14_000, 'asleep')
  // Also after the last line, and where there is none.
  const tail = (hidden: ReadonlySet<Kind>) => {
    const lines = new Lines(moments, 0, hidden, '')
    lines.goOn()
    return lines.tail && pauseText(lines.tail, moments)
  }
  expect(tail(new Set())).toBeUndefined()
  expect(tail(new Set(['lifecycle']))).toBe('2 moments hidden, over 1.1 s')
  expect(tail(new Set(['lifecycle', 'event']))).toBe('7 moments hidden')
  add(20_000, 'event')
  expect(pauses(new Set(['lifecycle'])).at(-1)).toBe('2 moments hidden, over 7.1 s')
})

test('what a task tells of its work comes from the task, in the sequence as in the timeline', () => {
  const moments = new Moments()
  const event = { sequence: 1, atMs: 1, key: 'k', kind: 'event' } as const
  const told = { ...event, to: ['copy'], event: { type: 'tardigrade.task.progress', value: 3 } }
  const sent = { ...event, to: ['copy'], event: { type: 'GO' } }
  for (const entry of [told, sent]) moments.add({ type: 'entry', incarnation: 'p', entry })
  const messages = new Messages(moments, 0)
  messages.goOn()
  expect(messages.lanes).toEqual(['outside', 'copy'])
  expect(messages.list.map(({ from, to }) => [from, to])).toEqual([
    [1, 1],
    [0, 1],
  ])
  expect(moments.all().map((moment) => lineText(moment, moments))).toEqual([
    'tardigrade.task.progress   from copy   to copy',
    'GO   to copy',
  ])
})

test('a step says what has changed, where it is neither state nor context, and where nothing has', () => {
  const moments = new Moments()
  const step = (changes: readonly Change[]) => {
    const entry = {
      sequence: 1,
      atMs: 1,
      key: 'k',
      kind: 'step',
      actor: ['copy'],
      event: 'GO',
      changes,
    } as const
    return lineText({ type: 'entry', incarnation: 'p', entry }, moments)
  }
  expect(step([{ path: ['progress'], value: 3 }])).toBe('copy: progress changed')
  const ended = (status: string) =>
    step([
      { path: ['status'], value: status },
      { path: ['input'], gone: true },
    ])
  expect(['done', 'error', 'stopped'].map(ended)).toEqual([
    'copy: ended',
    'copy: failed',
    'copy: was stopped',
  ])
  expect(step([])).toBe('copy: nothing changed')
})

test('what a checkpoint holds is told by its last moment', () => {
  const moments = new Moments()
  const at = { atMs: Date.UTC(2026, 5, 1), key: 'k' }
  const commit = { checkpoint: 2, epoch: 1, phase: 'running', size: 9, durationMs: 1, ok: true } as const
  const entries = [
    { ...at, sequence: 1, kind: 'ended', actor: ['copy'] },
    { ...at, sequence: 3, kind: 'event', to: [], event: { type: 'GO' } },
    { ...at, sequence: 4, kind: 'commit', ...commit, upTo: 2 },
  ] as const
  for (const entry of entries) moments.add({ type: 'entry', incarnation: 'p', entry })
  const inside = insideOf({ type: 'entry', incarnation: 'p', entry: entries[2] }, moments)
  expect(inside).toEqual({
    ...commit,
    'holds all up to': expect.stringMatching(/^\d\d:00:00\.000 copy ended$/),
  })
})

test('an event of which no step is was ignored, as far as what comes after it tells', () => {
  const moments = new Moments()
  const add = (entry: object) =>
    // The cast puts in what entries of all kinds have.
    moments.add({
      type: 'entry',
      incarnation: 'p',
      entry: { sequence: moments.length + 1, atMs: 1, key: 'k', ...entry } as Entry,
    })
  const event = (type: string, to: readonly string[] = []) => ({ kind: 'event', to, event: { type } })
  const step = (event: string, actor: readonly string[] = []) => ({ kind: 'step', actor, event, changes: [] })
  add(event('xstate.init'))
  add(event('TAKEN'))
  add(event('DOWN', ['child']))
  add(step('DOWN', ['child']))
  add(step('TAKEN'))
  add(event('IGNORED'))
  add({ kind: 'timer', change: 'fired', actor: [], id: 't' })
  add(event('LATER'))
  add({ kind: 'commit', ok: true })
  add(event('LAST'))
  const ignored = () => moments.all().flatMap((_, index) => (isIgnored(moments, index) ? [index] : []))
  expect(ignored()).toEqual([5, 7])
  add(step('LAST'))
  expect(ignored()).toEqual([5, 7])
  add(event('BREAK'))
  add({ kind: 'lifecycle', state: 'failed', event: 'lifecycle.failed' })
  add({ kind: 'commit', ok: true, phase: 'failed' })
  expect(ignored()).toEqual([5, 7])
  add(event('UNHEARD'))
  add({ kind: 'lifecycle', state: 'paused', event: 'lifecycle.held' })
  expect(ignored()).toEqual([5, 7, 14])
})

test('what only begins something, or is over in a moment, is told as that', () => {
  const moments = new Moments()
  const told = (
    effectKind: EffectShown['effectKind'],
    change: 'released' | 'done' | 'failed' | 'dropped',
  ) => {
    const what = { effectKind, actor: ['bulb'], name: 'GONE' }
    const entry = { sequence: 1, atMs: 1, key: 'k', kind: 'effect', effect: 1, change, what } as const
    const moment = { type: 'entry', incarnation: 'p', entry } as const
    moments.add(moment)
    return lineText(moment, moments)
  }
  expect(told('start', 'failed')).toBe('could not start bulb')
  expect(told('start', 'dropped')).toBe('start bulb was dropped')
  expect(told('dispose', 'done')).toBe('ended bulb')
  expect(told('emit', 'done')).toBe('emitted GONE')
  expect(told('deliver', 'released')).toBe('delivers GONE')
  expect(told('action', 'released')).toBe('action GONE runs')
  expect(told('action', 'done')).toBe('action GONE is done')
})

test('a delayed event to which the machine gives no name has none of the library’s own', () => {
  const moments = new Moments()
  const timer = { kind: 'timer', change: 'fired', actor: [], id: 'tardigrade.unnamed.z1.1' } as const
  const entry = { ...timer, sequence: 1, atMs: 1, key: 'k' }
  const moment = { type: 'entry', incarnation: 'p', entry } as const
  moments.add(moment)
  expect(lineText(moment, moments)).toBe('a delayed event fired')
})

test('a removal is told, and where nobody recorded it, by the life after it', () => {
  const moments = new Moments()
  const add = (happening: Happening) => {
    const entry = { ...happening, sequence: moments.length + 1, atMs: 1, key: 'k' }
    const moment = { type: 'entry', incarnation: 'p', entry } as const
    moments.add(moment)
    return lineText(moment, moments)
  }
  const begin = () => add({ kind: 'revived', fresh: true, slept: false, checkpoint: 0 })
  const figures = { checkpoint: 1, epoch: 1, phase: 'running', size: 9, durationMs: 1, upTo: 1 }
  const commit = (ok: boolean) => add({ kind: 'commit', ok, ...figures })
  const lost = 'begins its first life: what was before had been removed from the store'
  expect(begin()).toBe('begins its first life')
  commit(false)
  expect(begin()).toBe('begins its first life')
  commit(true)
  expect(add({ kind: 'revived', fresh: false, slept: false, checkpoint: 1 })).toMatch(/^goes on from/)
  expect(begin()).toBe(lost)
  expect(begin()).toBe('begins its first life')
  commit(true)
  expect(add({ kind: 'removed' })).toBe('was removed, with all its checkpoints')
  expect(begin()).toBe('begins its first life')
})

test('what went wrong at a moment is told in a line, without what to do, and found by the filter', () => {
  const moments = new Moments()
  const add = (happening: Happening) => {
    const entry = { ...happening, sequence: moments.length + 1, atMs: 1, key: 'k' }
    const moment = { type: 'entry', incarnation: 'p', entry } as const
    moments.add(moment)
    return errorText(moment)
  }
  const error = { name: 'RangeError', message: 'the jar\n  is empty' }
  expect(add({ kind: 'effect', effect: 1, change: 'failed', error })).toBe('RangeError: the jar is empty')
  const failure = { name: 'JarError', message: 'It broke. Call retry.', remedy: 'Call retry.' }
  expect(add({ kind: 'lifecycle', state: 'failed', event: 'lifecycle.failed', failure })).toBe(
    'JarError: It broke.',
  )
  expect(add({ kind: 'effect', effect: 2, change: 'failed', error: 'no' })).toBe('no')
  expect(add({ kind: 'effect', effect: 3, change: 'done' })).toBe('')
  expect(add({ kind: 'effect', effect: 3, change: 'failed', error: 'x'.repeat(900) }).length).toBe(201)
  const found = new Lines(moments, 0, new Set(), 'jar is empty')
  found.goOn()
  expect(found.list).toEqual([{ type: 'moment', index: 0 }])
})

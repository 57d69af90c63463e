import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hiddenEntry } from '../../../src/inspect/files/hidden.js'
import { RecordingReader } from '../../../src/inspect/files/recording-reader.js'
import { HIDE_NOTHING, hiding } from '../../../src/inspect/redact.js'
import { type Shown, shown } from '../../../src/inspect/shown.js'
import { changed } from '../../../src/inspect/stream/change.js'
import { diff } from '../../../src/inspect/stream/diff.js'
import { Journal } from '../../../src/inspect/stream/journal.js'

const all = hiding(undefined)
const pin = hiding(['pin'])
const name = fc.constantFrom('a', 'b', 'pin', '0')
/** Data as a context holds it. */
const { data } = fc.letrec<{ data: unknown }>((tie) => {
  const pairs = fc.array(fc.tuple(name, tie('data')), { maxLength: 3 })
  return {
    data: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(fc.integer(), fc.constantFrom(null, 'x')),
      fc.array(tie('data'), { maxLength: 3 }),
      pairs.map((entries) => Object.fromEntries(entries)),
      pairs.map((entries) => new Map(entries)),
      pairs.map((entries) => new Set(entries.map(([, value]) => value))),
    ),
  }
})
const facts = { sequence: 1, atMs: 1, key: 'k' }

test('what is hidden in a recording is what would have been hidden as it was recorded', () => {
  fc.assert(
    fc.property(data, (value) => {
      const event = shown(value, 'event', all)
      const entry = hiddenEntry({ ...facts, kind: 'event', to: [], event }, pin)
      expect(entry).toEqual({ ...facts, kind: 'event', to: [], event: shown(value, 'event', pin) })
    }),
    { numRuns: 500 },
  )
})

test('so it is in the changes of a snapshot', () => {
  fc.assert(
    fc.property(data, data, (before, after) => {
      const changes = diff(before, after, 'context', all).map((change) => ({
        ...change,
        path: ['context', ...change.path],
      }))
      const entry = hiddenEntry({ ...facts, kind: 'step', actor: [], event: 'GO', changes }, pin)
      const told = entry.kind === 'step' ? entry.changes : []
      const seen = changed({ context: shown(before, 'context', pin) }, told)
      expect(sorted(seen ?? null)).toEqual(sorted({ context: shown(after, 'context', pin) }))
    }),
    { numRuns: 1000, examples: [[{ pin: [0] }, { pin: [] }]] },
  )
})

test('so it is in what a failed service rests in', () => {
  const secret = { pin: 'geheim', rest: [{ pin: 'geheim' }] }
  const entry = hiddenEntry(
    {
      ...facts,
      kind: 'rests',
      checkpoint: 3,
      actors: [{ actor: [], logic: '', snapshot: { context: secret, output: secret } }],
      timers: [
        { actor: [], id: 'a', target: [], event: { ...secret }, delayMs: 1, dueAtMs: 2, policy: 'deadline' },
      ],
      outbox: [{ effect: 1, effectKind: 'action', actor: [], name: 'tell', params: secret, running: false }],
    },
    pin,
  )
  const text = JSON.stringify(entry)
  expect(text).not.toContain('geheim')
  expect(text.split('[redacted]')).toHaveLength(9)
})

test('of a kind that a newer process tells of nobody knows what is to be hidden: it is missing', () => {
  const newer = { ...facts, kind: 'of a newer version', secret: 'geheim' }
  const told = (hide: typeof pin) => {
    const journal = new Journal(1_000_000)
    const reader = new RecordingReader(journal, '000000001-00000000-000001.jsonl', hide)
    const hold = { kind: 'hold', change: 'set', hold: 'user', by: 'program' }
    const first = { type: 'incarnation', incarnation: '000000001-00000000', pid: 1, startedAtMs: 1 }
    const lines = [first, newer, { ...facts, ...hold, sequence: 2 }]
    reader.read(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    return journal.chapters[0]?.segments.map(({ first, reason }) => [first, reason])
  }
  expect(told(HIDE_NOTHING)).toEqual([[1, 'budget']])
  expect(told(pin)).toEqual([[2, 'damaged']])
})

test('a line of another shape is left out, and what is missing is told', () => {
  const journal = new Journal(1_000_000)
  const reader = new RecordingReader(journal, '000000001-00000000-000001.jsonl', pin)
  const lines = [
    { type: 'incarnation', incarnation: '000000001-00000000', pid: 1, startedAtMs: 1 },
    { type: 'base', sequence: 0, key: 'k', state: { actors: [7] } },
    { ...facts, kind: 'event', to: [], event: { type: 'GO', pin: 'geheim' } },
    { ...facts, sequence: 2, kind: 'step', changes: 'geheim' },
    { ...facts, sequence: 3, kind: 'event', to: [], event: { type: 'GO' } },
  ]
  reader.read(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const [first, second] = journal.chapters[0]?.segments ?? []
  const textOf = (segment: typeof first) => new TextDecoder().decode(segment?.entries.linesFrom(0))
  expect(textOf(first)).toContain('[redacted]')
  expect(first?.base).toEqual([])
  expect([second?.first, second?.reason]).toEqual([3, 'damaged'])
  expect(textOf(first) + textOf(second)).not.toContain('geheim')
})

test.each([
  { kind: 'step', actor: [], event: 'GO', chanfes: [] },
  { kind: 'step', actor: [], event: 'GO', changes: [{ path: ['a'] }] },
  { kind: 'step', actor: [], event: 'GO', changes: [{ path: [], at: 0, insert: [] }] },
  { kind: 'actor', actor: 'x', logic: '', snapshot: {} },
  { kind: 'effect', effect: 1, change: 'waiting', what: {} },
  { kind: 'timer', change: 'set', actor: [], id: 'x', what: { target: [] } },
  { kind: 'event', to: [] },
  { kind: 'commit', ok: true },
])('so it is where nothing is hidden: %j', (happening) => {
  const journal = new Journal(1_000_000)
  const reader = new RecordingReader(journal, '000000001-00000000-000001.jsonl', HIDE_NOTHING)
  const good = { kind: 'hold', change: 'set', hold: 'user', by: 'program' }
  const lines = [
    { type: 'incarnation', incarnation: '000000001-00000000', pid: 1, startedAtMs: 1 },
    { ...facts, ...good },
    { ...facts, sequence: 2, ...happening },
    { ...facts, sequence: 3, kind: 'of a newer version', changes: 7 },
  ]
  reader.read(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const told = journal.chapters[0]?.segments.map(({ first, reason }) => [first, reason])
  expect(told).toEqual([
    [1, 'budget'],
    [3, 'damaged'],
  ])
})

/** The order of fields is nobody's promise. */
function sorted(value: Shown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  return Object.entries(value)
    .map(([name, field]): readonly [string, unknown] => [name, sorted(field)])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

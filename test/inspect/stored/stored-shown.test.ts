import { expect, test } from 'vitest'
import { createCodec } from '../../../src/checkpoint/codec/codec.js'
import { seal } from '../../../src/checkpoint/seal.js'
import { HIDE_NOTHING, type Hide, hiding } from '../../../src/inspect/redact.js'
import { shown } from '../../../src/inspect/shown.js'
import { checkpointShown } from '../../../src/inspect/stored/stored-shown.js'
import { STREAM_LIMITS } from '../../../src/inspect/stream/view.js'

class Money {
  constructor(readonly cents: bigint) {}
}
class TooHot extends Error {
  override name = 'TooHot'
}

const shared = { n: 1n }
const context = {
  map: new Map<unknown, unknown>([
    ['secret', 'canary-map'],
    [{ id: 1 }, { c: new Set([Number.NaN]) }],
  ]),
  set: new Set([1, 'two']),
  pair: ['secret', 'no map'],
  when: new Date(0),
  big: 12n,
  error: Object.assign(new TypeError('bad'), { code: 'E' }),
  own: new TooHot('hot'),
  price: new Money(5n),
  undef: undefined,
  list: [undefined, -0, Number.POSITIVE_INFINITY],
  bytes: new Uint8Array([1, 2, 3]),
  pattern: /a\/b/gi,
  address: new URL('https://tardigrade.example/a'),
  once: shared,
  twice: shared,
  deep: { list: [{ secret: 'canary-deep' }] },
}

const codec = createCodec({ classes: { Money, TooHot }, allow: ['regexp', 'url'] })
const recordOf = (snapshot: object, more: object = {}) => ({
  format: 1,
  service: 'kettle',
  key: 'kitchen',
  version: 1,
  machine: 'kettle',
  structure: 'x',
  incarnation: 'i',
  sequence: 1,
  epoch: 1,
  savedAtMs: 0,
  phase: 'running',
  root: { id: 'kettle', src: '', snapshot: { status: 'active', value: 'hot', ...snapshot } },
  ...more,
})

function told(body: string, hide: Hide = HIDE_NOTHING) {
  const facts = { key: 'kitchen', service: 'kettle', version: 1, sequence: 1, epoch: 1, savedAtMs: 0 }
  const stored = { ...facts, phase: 'running' as const, wakeAtMs: undefined, text: seal(body) }
  return checkpointShown({ ...stored, size: body.length }, stored, hide, true)
}

test('the values of a checkpoint are shown as those of a living service are, by the state and by the record', () => {
  const live = shown(context, 'context', HIDE_NOTHING, STREAM_LIMITS)
  const { state, record } = told(codec.encode(recordOf({ context })))
  expect(state?.actors[0]?.snapshot).toEqual({ status: 'active', value: 'hot', context: live })
  expect(record).toMatchObject({ root: { snapshot: { context: live } } })
  expect(live).toMatchObject({
    big: '12n',
    map: { 'Map(2)': {} },
    list: ['[undefined]', expect.anything(), '[Infinity]'],
  })
})

test('and a redaction is asked for the same paths', () => {
  const asked = (show: (hide: Hide) => unknown) => {
    const paths = new Set<string>()
    show((value, path) => {
      if (path[0] === 'context') paths.add(path.join('.'))
      return value
    })
    return [...paths].sort()
  }
  const body = codec.encode(recordOf({ context }))
  expect(asked((hide) => told(body, hide))).toEqual(asked((hide) => shown(context, 'context', hide)))
  expect(JSON.stringify(told(body, hiding(['secret'])))).not.toContain('canary')
})

test('what a text within holds of a snapshot is opened, and hidden where it is to be', () => {
  const text = codec.encode({ status: 'done', context: { secret: 'canary', big: 7n } })
  const kept = createCodec({
    customs: [
      {
        name: 'snapshot',
        plain: true,
        applies: (value) => 'text' in value,
        encode: (it) => it,
        decode: (it) => it,
      },
      {
        name: 'actor',
        plain: true,
        applies: (value) => 'path' in value,
        encode: (it) => it,
        decode: (it) => it,
      },
    ],
  })
  const ended = { path: ['kid'], ended: { id: 'kid', snapshot: text } }
  const body = kept.encode(
    recordOf(
      { context: { actor: ended, self: { path: [] } } },
      { inbox: [{ event: { type: 'E', snapshot: { text } }, atMs: 0 }] },
    ),
  )
  expect(JSON.stringify(told(body, hiding(['secret'])))).not.toContain('canary')
  const snapshot = { status: 'done', context: { secret: 'canary', big: '7n' } }
  expect(told(body).state).toMatchObject({
    inbox: [{ event: { snapshot } }],
    actors: [
      {
        snapshot: {
          context: { actor: { path: ['kid'], ended: { id: 'kid', snapshot } }, self: { path: [] } },
        },
      },
    ],
  })
})

test.each([
  ['a type that nobody knows', { 'root.snapshot.context.a': [['custom', 'theirs']] }],
  ['a value that is none of its type', { 'root.snapshot.context.a': ['bigint'] }],
  ['a pattern that is none', { 'root.snapshot.context.a': ['regexp'] }],
  ['a field of the record that would be another', { timers: ['map'] }],
])('a checkpoint that cannot be decoded is shown as it is stored: %s', (_, values) => {
  const json = recordOf({ context: { a: 'x', map: [['secret', 'canary']] } }, { timers: [] })
  const body = JSON.stringify({ json, meta: { v: 1, values } })
  expect(told(body).state?.actors[0]?.snapshot).toMatchObject({
    context: { a: 'x', map: [['secret', 'canary']] },
  })
  expect(JSON.stringify(told(body, hiding(['secret'])))).not.toContain('canary')
})

test('of its timers those are told apart whose deadlines come while it rests', () => {
  const timer = (policy: string, dueAtMs: number) => {
    const left = { delayMs: 9, remainingMs: 9, policy, dueAtMs }
    return { source: [], target: [], id: `${dueAtMs}`, event: { type: 'T' }, ...left }
  }
  const due = (...timers: object[]) => told(codec.encode(recordOf({}, { timers }))).deadlineAtMs
  expect(due(timer('remaining', 3), timer('deadline', 8), timer('deadline', 5), timer('restart', 4))).toBe(5)
  expect(due(timer('remaining', 3))).toBe(undefined)
})

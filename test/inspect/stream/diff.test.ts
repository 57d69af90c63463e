import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hiding } from '../../../src/inspect/redact.js'
import { shown } from '../../../src/inspect/shown.js'
import { changed } from '../../../src/inspect/stream/change.js'
import { diff } from '../../../src/inspect/stream/diff.js'

const all = hiding(undefined)
const leaf = fc.oneof(
  fc.integer(),
  fc.string({ maxLength: 3 }),
  fc.bigInt(),
  fc.constantFrom(null, undefined, Number.NaN, new Date(0), new Map([['a', 1]]), new Set([1])),
)
const name = fc.constantFrom('a', 'b', 'c', 'pin', '__proto__', 'toString', '0')
/** Data as a context holds it, without cycles. */
const { data } = fc.letrec<{ data: unknown }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie('data'), { maxLength: 5 }),
    fc.array(fc.tuple(name, tie('data')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  ),
}))

/** The same data with another value somewhere in it, and all else the very same objects. */
function edited(value: unknown, at: readonly number[], edit: (value: unknown) => unknown): unknown {
  const [first, ...rest] = at
  if (first === undefined || typeof value !== 'object' || value === null) return edit(value)
  if (Array.isArray(value) && value.length > 0) {
    return value.with(first % value.length, edited(value[first % value.length], rest, edit))
  }
  const entries = Object.entries(value)
  if (Object.getPrototypeOf(value) !== Object.prototype || entries.length === 0) return edit(value)
  const index = first % entries.length
  return Object.fromEntries(
    entries.map(([name, field], at) => [name, at === index ? edited(field, rest, edit) : field]),
  )
}

const sorted = (value: unknown): unknown =>
  typeof value !== 'object' || value === null
    ? value
    : Array.isArray(value)
      ? value.map(sorted)
      : Object.entries(value)
          .map(([name, field]) => [name, sorted(field)])
          .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))

describe('diff', () => {
  test.each([
    ['nothing', all],
    ['a name', hiding(['pin'])],
    [
      'a whole that holds a secret',
      hiding((value) => (JSON.stringify(shown(value, '', all)).includes('7') ? '…' : value)),
    ],
  ])('leads from any value to any other, where %s is hidden', (_, hide) => {
    fc.assert(
      fc.property(data, data, (before, after) => {
        const next = changed(shown(before, 'context', hide), diff(before, after, 'context', hide))
        // The order of fields is none of their data.
        expect(sorted(next)).toEqual(sorted(shown(after, 'context', hide)))
      }),
      { numRuns: 1000 },
    )
  })

  test('leads from a value to one that was made of it', () => {
    fc.assert(
      fc.property(data, fc.array(fc.nat(9), { maxLength: 6 }), data, (before, at, value) => {
        const after = edited(before, at, () => value)
        const next = changed(shown(before, 'context', all), diff(before, after, 'context', all))
        expect(sorted(next)).toEqual(sorted(shown(after, 'context', all)))
      }),
      { numRuns: 1000 },
    )
  })

  test('goes into nothing that is the very same object', () => {
    const untouchable = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('it was looked into')
        },
      },
    )
    const before = { big: untouchable, list: [untouchable, { n: 1 }, untouchable], n: 1 }
    const after = { ...before, list: [untouchable, { n: 2 }, untouchable] }
    expect(diff(before, before, 'context', all)).toEqual([])
    expect(diff(before, after, 'context', all)).toEqual([{ path: ['list', '1', 'n'], value: 2 }])
    const longer = { ...before, list: [untouchable, { n: 0 }, ...before.list.slice(1)] }
    expect(diff(before, longer, 'context', all)).toEqual([
      { path: ['list'], at: 1, remove: 0, insert: [{ n: 0 }] },
    ])
  })

  test.each([
    ['a list whose items are alike', [1, 1], [1], [{ path: [], at: 1, remove: 1, insert: [] }]],
    ['fields that hold nothing', { a: undefined }, {}, []],
    ['a field that holds nothing any more', { a: 1 }, { a: undefined }, [{ path: ['a'], gone: true }]],
  ])('tells of %s what there is to tell', (_, before, after, changes) => {
    expect(diff(before, after, 'context', all)).toEqual(changes)
  })

  test('tells nothing of what is hidden, not even in the old value’s place', () => {
    const hide = hiding(['pin'])
    const changes = diff({ pin: { was: 'canary' } }, { pin: { is: 'canary' } }, 'context', hide)
    expect(JSON.stringify(changes)).not.toContain('canary')
    expect(changes).toEqual([{ path: ['pin'], value: '[redacted]' }])
  })

  test('ends where what it compares has cycles', () => {
    const ring = () => {
      const made: { self?: unknown } = {}
      made.self = made
      return made
    }
    expect(diff(ring(), ring(), 'context', all).length).toBe(1)
  })
})

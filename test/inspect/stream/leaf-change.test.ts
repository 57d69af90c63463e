import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hiding } from '../../../src/inspect/redact.js'
import { type Shown, shown } from '../../../src/inspect/shown.js'
import { type Change, changed } from '../../../src/inspect/stream/change.js'
import { leafChangesText } from '../../../src/inspect/stream/leaf-change.js'
import { STREAM_LIMITS } from '../../../src/inspect/stream/view.js'

const same = [1]
const leaf = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.string({ maxLength: 3 }),
  fc.constantFrom(null, undefined, 1n, 'x'.repeat(200_000), same, [2], Symbol.iterator),
)
const name = fc.constantFrom('a', 'b', 'toString', '__proto__', 'toJSON')
const { fields } = fc.letrec<{ fields: object; value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, tie('fields'), fc.array(tie('value'), { maxLength: 3 })),
  fields: fc
    .array(fc.tuple(name, tie('value')), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries)),
}))

test.each([
  ['nothing is hidden', undefined],
  ['names are', ['a', /^toS/]],
  ['a function hides', (value: unknown, [, name]: readonly string[]) => (name === 'b' ? '[b]' : value)],
])(
  'what it tells leads from one object to the other where %s; where it tells nothing, diff is asked',
  (_, redact) => {
    let told = 0
    const hide = hiding(redact)
    // As it comes to who looks: JSON has one zero.
    const seen = (value: unknown): Shown =>
      JSON.parse(JSON.stringify(shown(value, 'context', hide, STREAM_LIMITS)))
    fc.assert(
      fc.property(fields, fields, (before, after) => {
        const text = leafChangesText(before, after, 'context', hide)
        if (text === undefined) return
        told++
        // One JSON text, made just now.
        const changes = JSON.parse(`[${text}]`) as Change[]
        const { context } = changed({ context: seen(before) }, changes) as { readonly context: Shown }
        expect(sorted(context)).toEqual(sorted(seen(after)))
      }),
      {
        numRuns: 3000,
        examples: [
          [
            { a: 1, b: same },
            { a: 2, b: same },
          ],
          [{ a: [1, { a: 2, b: [3, 4] }] }, { a: [1, { a: 'x', b: [3, null] }] }],
          [{ a: 1 }, { a: -0 }],
        ],
      },
    )
    expect(told).toBeGreaterThan(100)
  },
)

test.each([
  ['a field has come', { a: 1 }, { a: 1, b: 2 }],
  ['a field has gone', { a: 1, b: 2 }, { a: 1 }],
  ['a field has become a list', { a: 1 }, { a: [] }],
  [
    'a field computes what it is',
    { a: 1 },
    Object.defineProperty({}, 'a', { get: () => 2, enumerable: true }),
  ],
  ['it tells JSON something else', { a: 1 }, { a: 2, toJSON: () => 'x' }],
  ['a text is long', { a: 'x' }, { a: 'x'.repeat(2000) }],
  ['one is no object of data', new Map(), { a: 1 }],
  ['a list has grown', { a: [1] }, { a: [1, 2] }],
  ['a list has become fields', { a: [1] }, { a: { 0: 2 } }],
  ['something inside it leads round', ...([1, 2].map(round) as [object, object])],
])('tells nothing where %s', (_, before, after) => {
  expect(leafChangesText(before, after, 'context', hiding(undefined))).toBeUndefined()
})

test.each([['context'], ['rows'], ['0']])('tells nothing where a whole is hidden: %s', (hidden) => {
  const [before, after] = [1, 2].map((value) => ({ rows: [{ value }] }))
  expect(leafChangesText(before, after, 'context', hiding([hidden]))).toBeUndefined()
})

test('tells each place by its path', () => {
  const before = { rows: [{ at: 0 }, { at: 1, seen: [true, 'no'] }], n: 1 }
  const after = { rows: [before.rows[0], { at: 1, seen: [true, 'yes'] }], n: -0 }
  expect(leafChangesText(before, after, 'context', hiding(undefined))).toBe(
    '{"path":["context","rows","1","seen","1"],"value":"yes"},{"path":["context","n"],"value":0}',
  )
})

function round(value: number): object {
  const object: Record<string, unknown> = { value }
  object.itself = object
  return object
}

/** The order of fields is nobody's promise. */
function sorted(value: Shown): readonly unknown[] {
  return Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1))
}

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
const fields = fc.array(fc.tuple(name, leaf), { maxLength: 4 }).map((entries) => Object.fromEntries(entries))

test.each([
  ['nothing is hidden', undefined],
  ['names are', ['a', /^toS/]],
  ['a function hides', (value: unknown, [, name]: readonly string[]) => (name === 'b' ? '[b]' : value)],
])(
  'what it tells leads from one object to the other where %s; where it tells nothing, diff is asked',
  (_, redact) => {
    let told = 0
    const hide = hiding(redact)
    const seen = (value: unknown): Shown => shown(value, 'context', hide, STREAM_LIMITS)
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
])('tells nothing where %s', (_, before, after) => {
  expect(leafChangesText(before, after, 'context', hiding(undefined))).toBeUndefined()
})

test('tells nothing where the whole is hidden', () => {
  expect(leafChangesText({ a: 1 }, { a: 2 }, 'context', hiding(['context']))).toBeUndefined()
})

/** The order of fields is nobody's promise. */
function sorted(value: Shown): readonly unknown[] {
  return Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1))
}

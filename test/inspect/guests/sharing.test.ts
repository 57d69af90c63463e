import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { sharing } from '../../../src/inspect/guests/sharing.js'
import type { Shown } from '../../../src/inspect/shown.js'

const parsed = (value: Shown): Shown => JSON.parse(JSON.stringify(value))
// JSON has no -0.
const json = (fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Shown>).map(parsed)

test('is the later value, whatever both are', () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      expect(sharing(before, after)).toEqual(after)
    }),
    { numRuns: 500 },
  )
})

test('is the earlier one where both are the same', () => {
  fc.assert(
    fc.property(json, (value) => Object.is(sharing(value, parsed(value)), value)),
    { numRuns: 500 },
  )
})

test('shares what is the same: fields, and items before and behind those that have come or gone', () => {
  const [one, two, three] = [{ n: 1 }, { n: 2 }, { n: 3 }]
  const before = { items: [one, two, three], other: [one] }
  const shared = (after: Shown) => sharing(before, parsed(after)) as unknown as typeof before
  expect(shared({ ...before, more: 1 }).items).toBe(before.items)
  const fewer = shared({ items: [one, three], other: [two] })
  expect(fewer.items[0]).toBe(one)
  expect(fewer.items[1]).toBe(three)
  const more = shared({ items: [one, { n: 9 }, two, three], other: [] })
  expect([more.items[0], more.items[2], more.items[3]]).toEqual([one, two, three])
  expect(more.items[3]).toBe(three)
  const changed = shared({ items: [one, { n: 7 }, three], other: [one] })
  expect(changed.items[2]).toBe(three)
  expect(changed.other).toBe(before.other)
})

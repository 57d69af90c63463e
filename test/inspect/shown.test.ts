import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createActor, createMachine } from 'xstate'
import { hiding } from '../../src/inspect/redact.js'
import { shown } from '../../src/inspect/shown.js'

const all = hiding(undefined)
const show = (value: unknown) => shown(value, 'context', all)

describe('shown', () => {
  test('takes any value, throws at none, and gives what JSON keeps as it is', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withTypedArray: true,
    })
    fc.assert(
      fc.property(anything, (value) => {
        const seen = show(value)
        const once = JSON.stringify(seen)
        expect(JSON.stringify(JSON.parse(once))).toBe(once)
      }),
      { numRuns: 1000 },
    )
  })

  test('leaves JSON as it is, `__proto__` among its keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 10 }), (value) => {
        expect(JSON.stringify(show(value))).toBe(JSON.stringify(value))
      }),
    )
    expect(JSON.stringify(show(JSON.parse('{"__proto__":{"a":1}}')))).toBe('{"__proto__":{"a":1}}')
  })

  test.each([
    [
      'a getter that throws',
      {
        get a() {
          throw new Error('secret')
        },
        b: 1,
      },
      { a: '[unreadable]', b: 1 },
    ],
    ['a revoked proxy', revoked(), '[unreadable]'],
    [
      'a toJSON that throws',
      {
        toJSON() {
          throw new Error('secret')
        },
      },
      '[unreadable]',
    ],
    ['a toJSON', { toJSON: () => ({ a: 1n }) }, { a: '1n' }],
    [
      'an error',
      new TypeError('no', { cause: new Error('why') }),
      { name: 'TypeError', message: 'no', cause: { name: 'Error', message: 'why' } },
    ],
    [
      'several errors',
      new AggregateError([new Error('a')], 'all'),
      { name: 'AggregateError', message: 'all', errors: [{ name: 'Error', message: 'a' }] },
    ],
    [
      'what has no name',
      [undefined, () => {}, Symbol('s'), Promise.resolve()],
      ['[undefined]', '[function without a name]', 'Symbol(s)', '[Promise]'],
    ],
    ['an actor', createActor(createMachine({}), { id: 'kid' }), { id: 'kid', xstate$$type: 1, path: [] }],
    ['a machine', createMachine({ id: 'm' }), { id: 'm' }],
    ['bytes', new Uint8Array([1, 2]), { 'Uint8Array(2 bytes)': [1, 2] }],
  ])('shows %s', (_, value, seen) => {
    expect(show(value)).toEqual(seen)
  })

  test('marks what is beyond its limits, and shows what is met twice twice', () => {
    const limits = { depth: 2, values: 6, text: 3 }
    const twice = { a: 1 }
    expect(shown([twice, twice], 'context', all, limits)).toEqual([{ a: 1 }, { a: 1 }])
    expect(shown({ a: { b: { c: 1 } } }, 'context', all, limits)).toEqual({ a: { b: '[deeper]' } })
    expect(shown('abcdef', 'context', all, limits)).toBe('abc[3 characters more]')
    expect(shown([1, 2, 3, 4, 5, 6, 7], 'context', all, limits)).toEqual([1, 2, 3, 4, 5, '[2 more]'])
    // Few objects, and more paths to them than there is time.
    let tree: unknown = 'leaf'
    for (let level = 0; level < 30; level++) tree = [tree, tree]
    expect(JSON.stringify(show(tree)).length).toBeLessThan(1_000_000)
  })
})

describe('redact', () => {
  test('by a name that is a global expression hides every time', () => {
    const hide = hiding([/pin/g])
    for (let time = 0; time < 3; time++) expect(hide(1234, ['context', 'pin'])).toBe('[redacted]')
  })

  test('asks about keys of Maps, and for the whole before its parts', () => {
    const asked: string[] = []
    const hide = hiding((value, path) => {
      asked.push(path.join('.'))
      return value === 'secret' ? 'hidden' : value
    })
    expect(shown(new Map([['secret', { a: 1 }]]), 'context', hide)).toEqual({
      'Map(1)': [['hidden', { a: 1 }]],
    })
    expect(asked).toEqual(['context', 'context.(key)', 'context.secret', 'context.secret.a'])
  })
})

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

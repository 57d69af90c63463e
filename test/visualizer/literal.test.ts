import { runInThisContext } from 'node:vm'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HIDE_NOTHING } from '../../src/inspect/redact.js'
import { shown } from '../../src/inspect/shown.js'
import { isGuess, literal } from '../../visualizer/src/exports/literal.js'
import { testFileOf } from '../../visualizer/src/exports/test-file.js'
import { Store } from '../../visualizer/src/store/store.js'
import { lampMachine } from './kit/demo.js'
import { Recording } from './kit/recording.js'

const written = (value: unknown) => literal(shown(value, 'event', HIDE_NOTHING))
/** The value of what is written, with the prototypes of this realm. */
const read = (text: string): unknown => runInThisContext(`(${text})`)

/** What an event may hold, but for texts that look as something else. */
const { data } = fc.letrec<{ data: unknown }>((tie) => {
  const name = fc.constantFrom('a', '__proto__', 'Map(x)', "it's", '\u2028')
  const inside = fc.array(fc.tuple(name, tie('data')), { maxLength: 3 })
  return {
    data: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(fc.integer(), fc.bigInt(), fc.constantFrom(null, true, Number.NaN, Number.POSITIVE_INFINITY)),
      fc.constantFrom('', 'x', '`$1', '\u2029"'),
      fc.uint8Array({ maxLength: 3 }),
      fc.array(tie('data'), { maxLength: 3 }),
      inside.map((fields) => Object.fromEntries(fields)),
      inside.map((pairs) => new Map(pairs)),
      inside.map((pairs) => new Set(pairs.map(([, value]) => value))),
    ),
  }
})

test('what was shown is written as what it was', () => {
  fc.assert(
    fc.property(data, (value) => {
      const text = written(value)
      expect(text).not.toMatch(/[\n\u2028\u2029]/)
      expect(read(text)).toStrictEqual(value)
    }),
    { numRuns: 1000 },
  )
})

test.each([
  [-0.5, '-0.5'],
  [new Map([['a', new Set([12n])]]), 'new Map([["a",new Set([12n])]])'],
  [{ at: new Date(5) }, '{"at":"1970-01-01T00:00:00.005Z"}'],
  [[undefined], '[undefined]'],
  [{ 'Map(2)': [1] }, '{"Map(2)":[1]}'],
  [{ 'Map(1)': [1] }, '{"Map(1)":[1]}'],
  [{ 'Map(1)': 'x', more: 1 }, '{"Map(1)":"x","more":1}'],
  [new Uint8Array([1, 255]), 'Uint8Array.of(1,255)'],
  [{ 'constructor(1)': [1] }, '{"constructor(1)":[1]}'],
])('%j', (value, text) => {
  expect(written(value)).toBe(text)
})

test.each([
  ['12n', true],
  [[{ at: new Date(5) }], true],
  [new Map(), true],
  [Number.NaN, true],
  [{ a: [1, 'x', null, true, '2026-11-26'] }, false],
])('whether %j could be of another type', (value, is) => {
  expect(isGuess(shown(value, 'event', HIDE_NOTHING))).toBe(is)
})

describe('at its head a test says', () => {
  const textOf = (...events: readonly { readonly type: string; readonly value?: unknown }[]) => {
    const recording = new Recording()
    const lamp = recording.service('hall', lampMachine()).start()
    for (const event of events) lamp.send(shown(event, 'event', HIDE_NOTHING) as { type: string })
    const store = new Store()
    for (const message of recording.messages) store.apply(message)
    return testFileOf('hall', store.services.get('hall')?.moments ?? expect.fail('no service'))
  }
  test('where the type of a value is not known', () => {
    const text = textOf({ type: 'PRESS', value: new Map([['by', 12n]]) })
    expect(text).toContain('{"type":"PRESS","value":new Map([["by",12n]])},')
    expect(text).toContain('see that each is of the type that was sent')
    expect(textOf({ type: 'PRESS' })).not.toContain('of the type that was sent')
  })
  test('that nothing was sent', () => {
    expect(textOf()).toContain('// Nothing came to it from outside')
    expect(textOf({ type: 'PRESS' })).not.toContain('Nothing came')
  })
})

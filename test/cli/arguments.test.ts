import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDuration, parseEvent, parseJsonArgument } from '../../src/cli/arguments.js'
import { jsonErrorPosition } from '../../src/cli/json-position.js'

test.each([
  ['{"a":}', 5],
  ['{"a":1', 6],
  ['{"a" 1}', 5],
  ['{"a":1,}', 7],
  ['{a:1}', 1],
  ['[1,]', 3],
  ['[1}', 2],
  ['"open', 5],
  ['"a\nb"', 2],
  ['"\\x"', 1],
  ['nope', 0],
  ['01', 1],
  ['-', 0],
  ['', 0],
  ['  ', 2],
  ['{"a":1} x', 8],
])('%j is wrong at %i', (text, position) => {
  expect(jsonErrorPosition(text)).toBe(position)
  const parse = () => parseJsonArgument('--input', text, '…')
  expect(parse).toThrow(expect.objectContaining({ code: 'INVALID_JSON', position }))
})

test('what JSON.parse takes has no wrong position, and what it refuses has one', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (json, at, cut) => {
      const place = at % (json.length + 1)
      const text = json.slice(0, place) + cut + json.slice(place + 1)
      expect(jsonErrorPosition(json)).toBeUndefined()
      expect(jsonErrorPosition(text) === undefined).toBe(isJson(text))
    }),
  )
})

test('a deep text is no reason to overflow', () => {
  expect(jsonErrorPosition('['.repeat(100_000))).toBe(1001)
})

test('an event is a type name or a JSON object', () => {
  expect(parseEvent('PRESS', 'k')).toEqual({ type: 'PRESS' })
  expect(parseEvent('lamp.press', 'k')).toEqual({ type: 'lamp.press' })
  expect(parseEvent(' {"type":"SET","to":[1]}', 'k')).toEqual({ type: 'SET', to: [1] })
})

test.each([
  ['', 'INVALID_EVENT'],
  ['{}', 'INVALID_EVENT'],
  ['{"type":7}', 'INVALID_EVENT'],
  ['{"type":""}', 'INVALID_EVENT'],
  ['["PRESS"]', 'INVALID_EVENT'],
  ['"PRESS"', 'INVALID_EVENT'],
  ['{"type":', 'INVALID_JSON'],
  ['xstate.init', 'RESERVED_EVENT'],
  ['{"type":"xstate.stop"}', 'RESERVED_EVENT'],
  ['tardigrade.task.done', 'RESERVED_EVENT'],
])('%j is no event to send', (text, code) => {
  expect(() => parseEvent(text, 'k')).toThrow(expect.objectContaining({ code }))
})

test('a duration is a number of milliseconds', () => {
  expect(['5', '0', '1e3', '-1', '', ' ', 'soon', 'Infinity'].map(parseDuration)).toEqual([
    5,
    0,
    1000,
    ...Array(5).fill(undefined),
  ])
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

import { expect, test } from 'vitest'
import { fillRepeats } from '../../src/checkpoint/repeats.js'
import { argument, due, moment, printable, relative, shorten, size, stateText } from '../../src/cli/format.js'
import { toJson } from '../../src/cli/output.js'

test('times read as from now', () => {
  expect([0, 500, -999, 1000, -59_000, 60_000, -7_200_000, 90_000_000].map((ms) => relative(ms, 0))).toEqual([
    'now',
    'now',
    'now',
    'in 1 s',
    '59 s ago',
    'in 1 min',
    '2 h ago',
    'in 1 d',
  ])
  expect([undefined, 5000, -5000, -10].map((ms) => due(ms, 0))).toEqual(['–', 'in 5 s', 'overdue 5 s', 'now'])
  expect([0, 1e20].map(moment)).toEqual(['1970-01-01T00:00:00.000Z', '100000000000000000000'])
})

test('sizes keep three digits', () => {
  expect([0, 999, 1000, 12_345, 999_949, 999_950, 5e7].map(size)).toEqual([
    '0',
    '999',
    '1.0k',
    '12.3k',
    '999.9k',
    '1.0M',
    '50.0M',
  ])
})

test('a terminal shows hostile text and does not obey it', () => {
  expect(printable('a\u001b[2Jb\u0007\u202ec')).toBe('a\\u001b[2Jb\\u0007\\u202ec')
  expect(printable('a\nb')).toBe('a\\u000ab')
  expect(printable('a\nb', true)).toBe('a\nb')
  expect(printable('käse 🧀')).toBe('käse 🧀')
  expect(shorten('🧀🧀🧀🧀', 3)).toBe('🧀🧀…')
})

test('an argument can be given to a shell', () => {
  expect(['hall', 'a/b-c', '-x', 'a b', "it's", ''].map(argument)).toEqual([
    'hall',
    'a/b-c',
    "'-x'",
    "'a b'",
    "'it'\\''s'",
    "''",
  ])
})

test('a machine’s state is one line', () => {
  expect(['on', { a: 'b' }, { a: { b: 'c' }, d: {} }, undefined, 7].map(stateText)).toEqual([
    'on',
    'a.b',
    'a.b.c, d',
    '–',
    '–',
  ])
})

test('JSON of anything: cycles and BigInts', () => {
  const cycle: Record<string, unknown> = { n: 1n, twice: [] }
  cycle.self = { again: cycle }
  expect(toJson(cycle)).toBe('{"n":"1","twice":[],"self":{"again":"[circular]"}}')
  const shared = { a: 1 }
  expect(toJson([shared, { b: shared }, shared])).toBe('[{"a":1},{"b":{"a":1}},{"a":1}]')
  expect(toJson(undefined)).toBe('null')
})

test('what superjson wrote once stands in all its places', () => {
  const json = { a: { b: { x: 1 } }, c: null, 'd.e': [null, 2], root: null }
  fillRepeats(json, [['root'], { 'a.b': ['c', 'd\\.e.0', 'd\\.e.1', 'nowhere.at.all', '__proto__', 7] }])
  expect(json.c).toBe(json.a.b)
  expect(json['d.e']).toEqual([{ x: 1 }, 2])
  expect(json.root).toBe(json)
  expect(({} as { x?: number }).x).toBeUndefined()
})

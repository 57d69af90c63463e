import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EntryBytes } from '../../../src/inspect/stream/entry-bytes.js'

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

test('gives back whatever entries it was given, from any on, joined or as lines', () => {
  const entries = fc.array(
    fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ minLength: 5000, maxLength: 9000 })),
    {
      minLength: 1,
      maxLength: 20,
    },
  )
  fc.assert(
    fc.property(entries, fc.nat(), fc.nat(), fc.nat(30), (given, at, most, first) => {
      const lines = given.map((entry) => JSON.stringify({ entry }))
      const bytes = new EntryBytes(first)
      // Entries of a segment that has made room leave nothing behind.
      for (const line of lines.toReversed()) bytes.add(line)
      if (at % 2 === 0) bytes.linesFrom(0)
      bytes.clear()
      for (const line of lines) bytes.add(line)
      expect(bytes.count).toBe(lines.length)
      const from = at % lines.length
      const count = bytes.countWithin(from, 1 + (most % 10), 20_000)
      expect(count).toBeGreaterThan(0)
      expect(JSON.parse(text(bytes.joined(from, count, '{"all":[', ']}')))).toEqual({
        all: given.slice(from, from + count).map((entry) => ({ entry })),
      })
      expect(text(bytes.linesFrom(0))).toBe(lines.map((line) => `${line}\n`).join(''))
      expect(bytes.size).toBe(bytes.linesFrom(0).length)
      bytes.add('{}')
      expect(text(bytes.linesFrom(bytes.size - 3))).toBe('{}\n')
    }),
    { numRuns: 200 },
  )
})

import { describe, expect, test } from 'vitest'
import { type Ran, verdictOf } from './goals.js'
import { pageOf } from './page.js'
import { type Figure, type PartReport, together } from './part.js'

const kills = (reached: number, violations: readonly string[] = []): PartReport => ({
  figures: [
    { what: 'kills', reached, goal: 1000 },
    { what: 'for information', reached: 0 },
  ],
  violations,
})

const points = (reached: number): PartReport => {
  const figure: Figure = { what: 'points', reached, countsAs: 'crash points, all protocols' }
  return { figures: [figure], violations: [] }
}

function ran(minutes: number, parts: Readonly<Record<string, PartReport>>, isWhole = true): Ran {
  return { minutes, isWhole, parts: Object.keys(parts), reports: new Map(Object.entries(parts)) }
}

const enough = { one: points(150_000), other: points(50_000) }

test.each([10, 60])('%s minutes in which every goal was reached end with 0', (minutes) => {
  const { exitCode, lines } = verdictOf(ran(minutes, { kills: kills(1000), ...enough }))
  expect([exitCode, lines]).toEqual([0, ['Nothing was violated.']])
})

test.each([10, 60])('a goal that %s minutes have missed is told, and ends the run with 1', (minutes) => {
  const { exitCode, lines } = verdictOf(ran(minutes, { kills: kills(999), ...enough }))
  expect([exitCode, lines]).toEqual([1, ['MISSED: kills: kills: 999 of 1000', 'Nothing was violated.']])
})

test('fewer minutes need not reach it: it is told why, and the run ends with 0', () => {
  const { exitCode, lines } = verdictOf(ran(9.5, { kills: kills(999), ...enough }))
  expect([exitCode, lines]).toEqual([
    0,
    ['Not reached in 9.5 minutes, which 10 are to reach: kills: kills: 999 of 1000', 'Nothing was violated.'],
  ])
})

test('what parts are to reach together is a goal of a run with all of them', () => {
  const few = { one: points(150_000), other: points(49_999) }
  const { exitCode, lines } = verdictOf(ran(10, few))
  expect([exitCode, lines[0]]).toEqual([1, 'MISSED: together: crash points, all protocols: 199999 of 200000'])
  expect(verdictOf(ran(10, few, false)).exitCode).toBe(0)
})

describe('a part that has tried nothing', () => {
  const reached = { ...enough, third: points(0) }

  test('is named, though others have reached what it was to reach with them, and ends the run with 1', () => {
    const { exitCode, lines } = verdictOf(ran(10, reached))
    expect([exitCode, lines[0]]).toEqual([1, 'MISSED: third: points: 0 of 1'])
    expect(verdictOf(ran(10, reached, false)).exitCode).toBe(1)
  })

  test('of a run that had no time for it ends it with 0', () => {
    const { exitCode, lines } = verdictOf(ran(1, reached))
    expect(exitCode).toBe(0)
    expect(lines).toContain('Not reached in 1 minutes, which 10 are to reach: third: points: 0 of 1')
  })

  test('is named where it has not even reported', () => {
    const { exitCode, lines } = verdictOf({ ...ran(10, enough), parts: ['one', 'other', 'lost'] })
    expect([exitCode, lines[0]]).toEqual([1, 'MISSED: lost: cases: 0 of 1'])
  })

  test('is told once where it has a goal of its own', () => {
    const { lines } = verdictOf(ran(10, { kills: kills(0), ...enough }))
    expect(lines).toEqual(['MISSED: kills: kills: 0 of 1000', 'Nothing was violated.'])
  })

  test('is passed over where the machine does not allow it, in every round', () => {
    const impossible = { ...points(0), impossible: 'mounting needs root' }
    expect(verdictOf(ran(10, { ...enough, ext4: together([impossible, impossible]) })).exitCode).toBe(0)
    expect(verdictOf(ran(10, { ...enough, ext4: together([impossible, points(0)]) })).exitCode).toBe(1)
  })
})

test.each([1, 10])('what is violated ends a run of %s minutes with 1, whatever it has reached', (minutes) => {
  const { exitCode, lines } = verdictOf(ran(minutes, { kills: kills(1000, ['lost']), ...enough }))
  expect([exitCode, lines]).toEqual([1, ['VIOLATED.']])
})

test('the page says which goals were missed, and why', () => {
  const page = (minutes: number) =>
    pageOf({ ...ran(minutes, { kills: kills(7), ...enough }), seed: 1, node: '24' })
  expect(page(10)).toContain('MISSED: kills: kills: 7 of 1000')
  expect(page(2)).toContain('Not reached in 2 minutes')
  expect(page(10)).toContain('| kills | kills | 7 | 1\u2009000 |')
})

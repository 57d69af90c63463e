import { expect, test } from 'vitest'
import { Matrix } from '../../../src/testing/report/matrix.js'
import { type Counts, Tally } from '../../../src/testing/report/tally.js'
import { BLOCK_SIZE } from '../../../src/testing/workers/blocks.js'
import { type Result, together } from '../../../src/testing/workers/together.js'

/** A block of plans in which one state was met. */
const block = (number: number, state: string) => {
  const { counts } = new Matrix(['kill'], ['GO'])
  const met: Counts = {
    plans: 2,
    steps: 3,
    kinds: { kill: 1 },
    failed: { 'Error: broken': 1 },
    matrix: { ...counts, states: new Map([[state, false]]) },
    met: new Set([state]),
  }
  return { tells: 'block', block: number, counts: met } as const
}
const shown = (plan: number) => ({ tells: 'shown', plan }) as const
const end = { tells: 'end', searched: { states: 2 } } as const

function listener(workers: number) {
  const tally = new Tally(new Matrix(['kill'], ['GO']), new Set())
  const results: Result[] = []
  let plans = 0
  const hears = together(
    workers,
    tally,
    () => plans++,
    (result) => results.push(result),
  )
  return { tally, results, hears, plans: () => plans }
}

test('blocks count in the order of their plans, whoever is done first; the end is that of all', () => {
  const { tally, results, hears, plans } = listener(2)
  hears(block(1, 'second'))
  expect([tally.plans, plans()]).toEqual([0, 2])
  hears(end)
  hears(block(0, 'first'))
  expect(results).toEqual([])
  hears(end)
  expect(results).toEqual([{ searched: { states: 2 } }])
  expect([tally.plans, tally.steps, tally.kinds, plans()]).toEqual([4, 6, { kill: 2 }, 4])
  expect(tally.failed).toEqual({ 'Error: broken': 2 })
  expect(tally.matrix.states).toEqual(['first', 'second'])
})

test('of what is shown the first plan counts, when all that come before it are over', () => {
  const { results, hears } = listener(3)
  hears(shown(2 * BLOCK_SIZE + 5))
  hears(shown(3 * BLOCK_SIZE))
  hears(block(0, 'some'))
  expect(results).toEqual([])
  hears(shown(BLOCK_SIZE + 1))
  expect(results).toEqual([{ stoppedAt: BLOCK_SIZE + 1 }])
})

test('one that was shown in the first block waits for nothing', () => {
  const { results, hears } = listener(2)
  hears(shown(3))
  expect(results).toEqual([{ stoppedAt: 3 }])
})

test('what is shown later, of a later plan, changes nothing', () => {
  const { results, hears } = listener(3)
  hears(shown(2 * BLOCK_SIZE + 5))
  hears(shown(3 * BLOCK_SIZE))
  hears(block(0, 'some'))
  hears(block(1, 'some'))
  expect(results).toEqual([{ stoppedAt: 2 * BLOCK_SIZE + 5 }])
})

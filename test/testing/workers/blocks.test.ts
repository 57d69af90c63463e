import { expect, test } from 'vitest'
import { BLOCK_SIZE, Blocks } from '../../../src/testing/workers/blocks.js'

/** Workers that come to the same plans in the order that is given, and what each has taken and told. */
function workersOf(count: number) {
  let next = 0
  return Array.from({ length: count }, () => {
    const taken: number[] = []
    const told: number[] = []
    const blocks = new Blocks(
      () => next++,
      (block) => told.push(block),
    )
    let plan = 0
    return {
      taken,
      told,
      go(plans: number) {
        for (const end = plan + plans; plan < end; plan++) if (blocks.takes(plan)) taken.push(plan)
      },
      end: () => blocks.end(plan),
    }
  })
}

test('each plan is taken by one worker, and each block told once, however fast they are', () => {
  const all = BLOCK_SIZE * 5 + 3
  const [fast, slow] = workersOf(2) as [ReturnType<typeof workersOf>[0], ReturnType<typeof workersOf>[0]]
  fast.go(BLOCK_SIZE * 4)
  slow.go(BLOCK_SIZE + 1)
  fast.go(all - BLOCK_SIZE * 4)
  slow.go(all - BLOCK_SIZE - 1)
  for (const worker of [fast, slow]) worker.end()
  const taken = [...fast.taken, ...slow.taken].sort((a, b) => a - b)
  expect(taken).toEqual(Array.from({ length: all }, (_, plan) => plan))
  expect([...fast.told, ...slow.told].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5])
})

test('a worker that comes too late has nothing to tell', () => {
  const workers = workersOf(3)
  for (const worker of workers) {
    worker.go(BLOCK_SIZE + 1)
    worker.end()
  }
  expect(workers.map(({ told }) => told)).toEqual([[0], [1], []])
})

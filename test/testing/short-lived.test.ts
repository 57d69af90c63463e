import { type VerifyOptions, verifyInterruptions } from 'tardigrade/testing'
import { expect, test } from 'vitest'
import { shortLived } from '../interruption/short-lived.js'

test.each<VerifyOptions>([
  { mode: 'random', runs: 400 },
  { mode: 'exhaustive', depth: 1 },
  {
    mode: 'crashPoints',
    sequences: [[{ type: 'A' }, { type: 'C' }, { type: 'B' }, { type: 'C' }, { type: 'A' }]],
  },
])('who is gone before an event reaches it is no counterexample: $mode', async (options) => {
  const { figures } = await verifyInterruptions(shortLived(), options)
  expect(figures.runs).toBeGreaterThan(20)
})

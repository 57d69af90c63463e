import { type VerifyOptions, verifyInterruptions } from 'tardigrade/testing'
import { expect, test } from 'vitest'
import { shortLived } from '../interruption/short-lived.js'

test.each<[string, VerifyOptions]>([
  ['random', { runs: 400 }],
  ['exhaustive', { mode: 'exhaustive', depth: 1 }],
  [
    'crashPoints',
    {
      mode: 'crashPoints',
      sequences: [[{ type: 'A' }, { type: 'C' }, { type: 'B' }, { type: 'C' }, { type: 'A' }]],
    },
  ],
])('who is gone before an event reaches it is no counterexample: %s', async (_, options) => {
  const { figures } = await verifyInterruptions(shortLived(), options)
  expect(figures.runs).toBeGreaterThan(20)
})

import { expect, test } from 'vitest'
import { loadedKb, MOST_KB } from './kit/size.js'

test('a page loads no more of this package than it did', async () => {
  const loaded = await loadedKb()
  expect(loaded).toBeLessThanOrEqual(MOST_KB)
  // A bound far above what is reached would hold nothing.
  expect(loaded).toBeGreaterThan(MOST_KB - 2)
})

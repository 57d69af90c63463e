import { expect, test } from 'vitest'
import { cases } from './part.js'
import { fileCrashPoints } from './stores/file-crashes.js'
import { filePowerCuts } from './stores/file-power.js'

const seed = Date.now() % 1_000_000

test.each([
  ['crash points of the file store', fileCrashPoints, 1500],
  ['power cuts of the file store', filePowerCuts, 1500],
] as const)('%s', async (_, part, limit) => {
  const { violations } = await part(cases(limit, seed))
  expect(violations).toEqual([])
})

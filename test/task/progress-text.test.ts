import { expect, test } from 'vitest'
import { progressText } from '../../src/task/progress-text.js'

test.each([
  [3, { total: 10 }, '3 of 10'],
  [3, { total: 'ten' }, 'progress 3'],
  [3, {}, 'progress 3'],
  [3, null, 'progress 3'],
  [3, 10, 'progress 3'],
  ['half', { total: 10 }, ''],
])('the progress %j of the input %j is told as “%s”', (progress, input, told) => {
  expect(progressText(progress, input)).toBe(told)
})

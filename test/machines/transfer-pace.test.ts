import { expect, onTestFinished, test } from 'vitest'
import { Pace } from '../../machines/transfer/pace.js'
import { settle } from '../kit/clock.js'

const reason = new Error('asked to stop')
const neverAborted = new AbortController().signal

test('without a rate nothing is waited for', async () => {
  const pace = new Pace()
  await pace.spend(Number.MAX_SAFE_INTEGER, neverAborted)
  await pace.spend(Number.MAX_SAFE_INTEGER, AbortSignal.abort(reason))
})

test.each([
  ['an hour', 3600],
  // Node warns of a timer of that length, which would fire at once.
  ['a hundred years', 3600 * 24 * 36_500],
])('a wait of %s ends when the task is asked to stop', async (_, seconds) => {
  const warnings: Error[] = []
  const warn = (warning: Error) => void warnings.push(warning)
  process.on('warning', warn)
  onTestFinished(() => void process.off('warning', warn))
  const interruption = new AbortController()
  let waits = true
  const spending = new Pace(1).spend(seconds, interruption.signal).finally(() => {
    waits = false
  })
  await settle()
  expect({ waits, warnings }).toEqual({ waits: true, warnings: [] })
  interruption.abort(reason)
  await expect(spending).rejects.toMatchObject({ name: 'AbortError', cause: reason })
})

test('a wait does not begin when the task was asked to stop', async () => {
  await expect(new Pace(1).spend(3600, AbortSignal.abort(reason))).rejects.toMatchObject({ cause: reason })
})

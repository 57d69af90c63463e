import { expect, test } from 'vitest'
import { Committer } from '../../src/runtime/committer.js'
import { Ledger } from '../../src/runtime/ledger.js'
import { Stretch } from '../../src/runtime/stretch.js'
import { ManualClock } from '../kit/clock.js'

test('what cannot be captured is told to whoever waits, also where its service has failed already', async () => {
  const clock = new ManualClock()
  const boom = new Error('boom')
  const told: unknown[] = []
  const ledger = new Ledger(new Committer({ commit: async () => [] }, new Stretch(clock)), clock, {
    capture: () => {
      throw boom
    },
    durable: () => {},
    // As of a service that has failed: nobody fails the ledger for it.
    notCaptured: (error) => void told.push(error),
    notWritten: () => {},
  })
  ledger.touch()
  await expect(ledger.next()).rejects.toBe(boom)
  expect([told, ledger.unwritten]).toEqual([[boom], false])
})

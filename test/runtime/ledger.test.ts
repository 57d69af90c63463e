import { expect, test } from 'vitest'
import type { CommitOutcome, CommitRequest } from '../../src/ports/store.js'
import { Committer } from '../../src/runtime/committer.js'
import { Ledger } from '../../src/runtime/ledger.js'
import { Stretch } from '../../src/runtime/stretch.js'
import { ManualClock, settle } from '../kit/clock.js'
import { surfaced } from '../kit/surfaced.js'

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

test('what its source throws at a commit keeps nobody from an answer, and nothing from being written', async () => {
  const clock = new ManualClock()
  const thrown = surfaced()
  const boom = new Error('boom')
  const throws = () => {
    throw boom
  }
  const outcomes: CommitOutcome[] = [{ ok: true }, { ok: false, error: new Error('refused') }, { ok: true }]
  let second: Promise<void> | undefined
  const commit = async () => {
    // It changes while its first commit is on its way.
    if (outcomes.length === 3) {
      ledger.touch()
      second = ledger.next()
    }
    return outcomes.splice(0, 1)
  }
  const ledger = new Ledger(new Committer({ commit }, new Stretch(clock)), clock, {
    // The committer asks for no more.
    capture: () => ({}) as CommitRequest,
    durable: throws,
    notCaptured: throws,
    notWritten: throws,
  })
  ledger.touch()
  await expect(ledger.next()).resolves.toBe(undefined)
  await expect(second).rejects.toThrow('refused')
  ledger.touch()
  await expect(ledger.next()).resolves.toBe(undefined)
  await settle()
  expect([thrown, ledger.sequence, ledger.unwritten]).toEqual([[boom, boom, boom], 2, false])
})

import { expect, it } from 'vitest'
import { SyncPace } from '../../src/stores/sync-pace.js'

it('is quick after eight quick syncs in a row, the longest of half a millisecond', () => {
  const pace = new SyncPace()
  for (let syncs = 0; syncs < 7; syncs++) pace.took(0.5)
  expect(pace.isQuick).toBe(false)
  pace.took(0.5)
  expect(pace.isQuick).toBe(true)
  pace.took(0.51)
  expect(pace.isQuick).toBe(false)
  for (let syncs = 0; syncs < 8; syncs++) pace.took(0)
  expect(pace.isQuick).toBe(true)
})

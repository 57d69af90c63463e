import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../../src/errors/options.js'
import { memoryStore } from '../../src/stores/memory.js'
import { describeStoreContract } from './contract.js'

describeStoreContract('memory', ({ keep }) => {
  const store = memoryStore({ keep })
  return { store, loseLock: store.loseLock }
})

describe('memoryStore', () => {
  it('promises nothing beyond its process', () => {
    expect(memoryStore()).toMatchObject({ durability: 'none', location: 'memory' })
  })

  it('keeps nothing in common with another one', async () => {
    const one = await memoryStore().claim()
    const other = await memoryStore().claim()
    expect([one.epoch, other.epoch]).toEqual([1, 1])
  })

  it('says that this very process has it, where nobody can send to it', async () => {
    const store = memoryStore()
    await store.claim()
    await expect(store.claim()).rejects.toThrow(/this app itself, .*Close the supervisor/)
  })

  it('takes its times from the given clock', async () => {
    const claim = await memoryStore({ now: () => 42 }).claim()
    expect(await claim.owner()).toEqual({ epoch: 1, pid: process.pid, claimedAtMs: 42 })
  })

  it.each([0, 101, 1.5, Number.NaN])('refuses to keep %d', (keep) => {
    expect(() => memoryStore({ keep })).toThrow(InvalidOptionError)
  })
})

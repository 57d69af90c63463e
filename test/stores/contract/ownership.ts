import { expect, it } from 'vitest'
import { StaleEpochError, StoreLockedError } from '../../../src/errors/store.js'
import type { MakeStore } from '../contract.js'
import { accepted, commitAll, fresh, request } from './harness.js'

export function ownershipCases(make: MakeStore): void {
  it('refuses a second claim at once and names the holder', async () => {
    const { store, again } = await fresh(make)
    const claim = await store.claim()
    for (const other of [store, again()]) {
      await expect(other.claim()).rejects.toThrow(StoreLockedError)
      await expect(other.claim()).rejects.toMatchObject({
        holderPid: process.pid,
        location: store.location,
        message: expect.stringContaining(String(process.pid)),
      })
    }
    await commitAll(claim, 'a', [1])
    await claim.close()
  })

  it('raises the epoch with every claim and keeps what was written', async () => {
    const { store, again } = await fresh(make)
    const epochs: number[] = []
    for (const sequence of [1, 2, 3]) {
      const claim = await again().claim()
      epochs.push(claim.epoch)
      accepted(await claim.commit([request('a', sequence)]))
      expect(await claim.owner()).toMatchObject({ epoch: claim.epoch, pid: process.pid })
      await claim.close()
    }
    expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b))
    const reader = await store.read()
    expect((await reader.history('a')).map(({ epoch }) => epoch)).toEqual([...epochs].reverse())
    expect((await reader.owner())?.epoch).toBe(epochs.at(-1))
    await reader.close()
  })

  it('refuses every write of an owner that has lost the store', async () => {
    const { store, again, loseLock } = await fresh(make)
    const stale = await store.claim()
    await commitAll(stale, 'a', [1, 2])
    await loseLock()
    const claim = await again().claim()

    const refused = { code: 'STALE_EPOCH', epoch: stale.epoch, currentEpoch: claim.epoch }
    await expect(stale.commit([request('a', 3), request('b', 1)])).rejects.toThrow(StaleEpochError)
    await expect(stale.commit([request('a', 3)])).rejects.toMatchObject(refused)
    await expect(stale.quarantine('a', 2, 'bad')).rejects.toMatchObject(refused)
    await expect(stale.remove('a')).rejects.toMatchObject(refused)

    expect((await claim.list()).map(({ key, sequence }) => [key, sequence])).toEqual([['a', 2]])
    expect(await claim.quarantined()).toEqual([])
    await commitAll(claim, 'a', [3])
    expect((await claim.load('a'))?.epoch).toBe(claim.epoch)

    await stale.close()
    await expect(again().claim()).rejects.toThrow(StoreLockedError)
    await claim.close()
  })

  it('is read beside its owner', async () => {
    const { store, again } = await fresh(make)
    const early = await again().read()
    const claim = await store.claim()
    const reader = await again().read()
    await commitAll(claim, 'a', [1])
    expect((await reader.load('a'))?.sequence).toBe(1)
    await commitAll(claim, 'a', [2])
    expect((await reader.load('a'))?.sequence).toBe(2)
    expect((await early.load('a'))?.sequence).toBe(2)
    expect(await reader.owner()).toEqual(await claim.owner())
    await claim.close()
    expect((await reader.history('a')).length).toBe(2)

    const next = await again().claim()
    await commitAll(next, 'a', [3])
    expect((await reader.load('a'))?.sequence).toBe(3)
    await next.close()
    await reader.close()
    await early.close()
  })
}

import { expect, it } from 'vitest'
import type { MakeStore } from '../contract.js'
import { accepted, claimed, commitAll, fresh, request } from './harness.js'

export function quarantineCases(make: MakeStore): void {
  it('makes the one before the newest', async () => {
    const claim = await claimed(make)
    await commitAll(claim, 'a', [1, 2])
    accepted(await claim.commit([request('a', 3, { text: 'damaged', phase: 'paused', wakeAtMs: 9 })]))
    await claim.quarantine('a', 3, 'wrong checksum')

    expect(await claim.load('a')).toStrictEqual({ ...request('a', 2), epoch: claim.epoch })
    expect((await claim.history('a')).map(({ sequence }) => sequence)).toEqual([2, 1])
    const [summary] = await claim.list()
    expect(summary).toMatchObject({ sequence: 2, phase: 'running', wakeAtMs: undefined, size: 6 })
    const [aside, ...rest] = await claim.quarantined()
    expect(rest).toEqual([])
    expect(aside).toStrictEqual({
      ...request('a', 3, { text: 'damaged', phase: 'paused', wakeAtMs: 9 }),
      epoch: claim.epoch,
      reason: 'wrong checksum',
      quarantinedAtMs: aside?.quarantinedAtMs,
    })
    expect(aside?.quarantinedAtMs).toBeGreaterThan(1_700_000_000_000)
  })

  it('lets the sequence go on from the one before', async () => {
    const claim = await claimed(make)
    await commitAll(claim, 'a', [1, 2, 3, 4])
    await claim.quarantine('a', 4, 'bad')
    expect(await claim.commit([request('a', 5)])).toMatchObject([{ error: { storedSequence: 3 } }])
    await commitAll(claim, 'a', [4, 5])
    expect((await claim.history('a')).map(({ sequence }) => sequence)).toEqual([5, 4, 3])
  })

  it('takes the same sequence aside twice', async () => {
    const claim = await claimed(make)
    await commitAll(claim, 'a', [1, 2])
    await claim.quarantine('a', 2, 'first')
    await commitAll(claim, 'a', [2])
    await claim.quarantine('a', 2, 'second: \0 and \ud83d')
    const reasons = (await claim.quarantined()).map(({ reason }) => reason)
    expect(reasons.sort()).toEqual(['first', 'second: \uFFFD and \uFFFD'])
  })

  it('forgets the key with its last checkpoint', async () => {
    const claim = await claimed(make)
    await commitAll(claim, 'a', [1])
    await claim.quarantine('a', 1, 'bad')
    expect(await claim.load('a')).toBeUndefined()
    expect(await claim.history('a')).toEqual([])
    expect(await claim.list()).toEqual([])
    await commitAll(claim, 'a', [1])
    expect((await claim.load('a'))?.sequence).toBe(1)
  })

  it('sets an older one aside without touching the newest', async () => {
    const claim = await claimed(make)
    await commitAll(claim, 'a', [1, 2, 3])
    await claim.quarantine('a', 2, 'bad')
    expect((await claim.history('a')).map(({ sequence }) => sequence)).toEqual([3, 1])
    await commitAll(claim, 'a', [4])
    expect((await claim.load('a'))?.sequence).toBe(4)
  })

  it('does nothing where there is nothing', async () => {
    const claim = await claimed(make)
    await commitAll(claim, 'a', [1])
    await claim.quarantine('a', 2, 'bad')
    await claim.quarantine('b', 1, 'bad')
    await claim.remove('b')
    expect(await claim.quarantined()).toEqual([])
    expect((await claim.load('a'))?.sequence).toBe(1)
  })

  it('keeps what was set aside through later claims, until its key is removed', async () => {
    const { store, again } = await fresh(make)
    const first = await store.claim()
    for (const key of ['a', 'b']) {
      await commitAll(first, key, [1, 2])
      await first.quarantine(key, 2, 'bad')
    }
    await first.close()
    const second = await again().claim()
    expect((await second.quarantined()).map(({ key }) => key).sort()).toEqual(['a', 'b'])
    await second.remove('a')
    expect((await second.quarantined()).map(({ key }) => key)).toEqual(['b'])
    expect(await second.history('a')).toEqual([])
    expect((await second.list()).map(({ key }) => key)).toEqual(['b'])
    await commitAll(second, 'a', [1])
    await second.close()
  })
}

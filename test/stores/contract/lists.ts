import { expect, it } from 'vitest'
import type { MakeStore } from '../contract.js'
import { accepted, claimed, commitAll, fresh, request } from './harness.js'

export function listCases(make: MakeStore): void {
  it('reads as empty before anything was claimed', async () => {
    const { store } = await fresh(make)
    const reader = await store.read()
    expect(await reader.load('a')).toBeUndefined()
    expect(await reader.history('a')).toEqual([])
    expect(await reader.list()).toEqual([])
    expect(await reader.quarantined()).toEqual([])
    expect(await reader.owner()).toBeUndefined()
    await reader.close()
  })

  it('summarizes the newest checkpoint of every key', async () => {
    const claim = await claimed(make)
    await commitAll(claim, 'b', [1, 2])
    const text = 'grüße 🐻'
    accepted(await claim.commit([request('a', 1, { phase: 'paused', wakeAtMs: 7, version: 3, text })]))
    expect(await claim.list()).toStrictEqual([
      {
        key: 'a',
        service: 'transfer',
        version: 3,
        sequence: 1,
        epoch: claim.epoch,
        savedAtMs: 1_700_000_000_001,
        phase: 'paused',
        wakeAtMs: 7,
        size: text.length,
      },
      {
        key: 'b',
        service: 'transfer',
        version: 1,
        sequence: 2,
        epoch: claim.epoch,
        savedAtMs: 1_700_000_000_002,
        phase: 'running',
        wakeAtMs: undefined,
        size: 'b at 2'.length,
      },
    ])
  })

  it('lists in pages', async () => {
    const claim = await claimed(make)
    const keys = Array.from({ length: 25 }, (_, index) => `k${String(index).padStart(2, '0')}`)
    accepted(await claim.commit([...keys].reverse().map((key) => request(key, 1))))
    const seen: string[] = []
    let after: string | undefined
    for (;;) {
      const page = await claim.list(after === undefined ? { limit: 10 } : { after, limit: 10 })
      expect(page.length).toBeLessThanOrEqual(10)
      if (page.length === 0) break
      seen.push(...page.map(({ key }) => key))
      after = seen.at(-1)
    }
    expect(seen).toEqual(keys)
    expect((await claim.list({ after: 'k095' })).map(({ key }) => key)).toEqual(keys.slice(10))
    expect(await claim.list({ limit: 0 })).toEqual([])
    expect(await claim.list({ after: 'k24' })).toEqual([])
  })

  it('lists a thousand at once when no limit is given', async () => {
    const claim = await claimed(make, 1)
    const batch = Array.from({ length: 1001 }, (_, index) => request(`k${index}`, 1))
    accepted(await claim.commit(batch))
    expect(await claim.list()).toHaveLength(1000)
    expect(await claim.list({ limit: 2000 })).toHaveLength(1001)
  })
}

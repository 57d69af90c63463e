import type { CommitRequest } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { Committer } from '../../src/runtime/committer.js'
import { Stretch } from '../../src/runtime/stretch.js'
import { ManualClock, settle } from '../kit/clock.js'
import { Gate } from '../kit/gate.js'

function requestOf(n: number): CommitRequest {
  const facts = { service: 's', version: 1, sequence: 1, savedAtMs: 0, phase: 'running' } as const
  return { key: `k${n}`, ...facts, wakeAtMs: undefined, text: '' }
}

describe('a batch', () => {
  test('more than fit into one batch are all written, each once', async () => {
    const written: string[][] = []
    const commit = async (batch: readonly CommitRequest[]) => {
      written.push(batch.map(({ key }) => key))
      return batch.map(() => ({ ok: true }) as const)
    }
    const committer = new Committer({ commit }, new Stretch(new ManualClock()))
    const answered: number[] = []
    const all = Array.from({ length: 600 }, (_, n) => n)
    for (const n of all) {
      committer.request({ collect: () => requestOf(n), committed: ({ ok }) => void (ok && answered.push(n)) })
    }
    await settle()
    expect(written.map(({ length }) => length)).toEqual([256, 256, 88])
    expect(written.flat()).toEqual(all.map((n) => `k${n}`))
    expect(answered).toEqual(all)
  })

  test('who asks while one is on its way is written with the next', async () => {
    const gate = new Gate()
    const written: string[] = []
    const commit = async (batch: readonly CommitRequest[]) => {
      await gate.pass()
      written.push(...batch.map(({ key }) => key))
      return batch.map(() => ({ ok: true }) as const)
    }
    const committer = new Committer({ commit }, new Stretch(new ManualClock()))
    gate.shut()
    committer.request({ collect: () => requestOf(1), committed: () => {} })
    await settle()
    committer.request({ collect: () => requestOf(2), committed: () => {} })
    await settle()
    expect(written).toEqual([])
    gate.open()
    await settle()
    expect(written).toEqual(['k1', 'k2'])
  })
})

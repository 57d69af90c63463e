import type { CommitRequest } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { headsOf } from '../../src/stores/heads.js'
import { Gate } from '../kit/gate.js'

const requestOf = (key: string, sequence: number): CommitRequest => ({
  key,
  service: 'counter',
  version: 1,
  sequence,
  savedAtMs: 0,
  phase: 'running',
  wakeAtMs: undefined,
  text: 'x',
})

/** Heads of what is written into a map, and the keys that were read. */
function stored(most?: number) {
  const sequences = new Map<string, number>()
  const asked: string[][] = []
  const reads = new Gate()
  const heads = headsOf(async (keys) => {
    asked.push([...keys])
    await reads.pass()
    return keys.map((key) => sequences.get(key))
  }, most)
  const commit = (...batch: CommitRequest[]) =>
    heads.commit(batch, async (accepted) => {
      for (const { key, sequence } of accepted) sequences.set(key, sequence)
    })
  return { heads, commit, asked, reads }
}
const told = (outcomes: readonly { readonly ok: boolean }[]) => outcomes.map(({ ok }) => ok)

describe('the newest sequences of a store', () => {
  test('a batch that fails while another waits has nothing of that one refused', async () => {
    const { heads, commit, reads } = stored()
    await commit(requestOf('known', 1))
    reads.shut()
    const failing = heads.commit([requestOf('known', 2)], () => Promise.reject(new Error('full')))
    await expect(failing).rejects.toThrow('full')
    const innocent = commit(requestOf('new', 1), requestOf('known', 2))
    reads.open()
    expect(told(await innocent)).toEqual([true, true])
  })

  test('what was read stays true for the next batch, and is asked again of what failed or was changed', async () => {
    const { heads, commit, asked } = stored()
    expect(told(await commit(requestOf('a', 1), requestOf('b', 1)))).toEqual([true, true])
    expect(told(await commit(requestOf('a', 2)))).toEqual([true])
    expect(asked).toEqual([['a', 'b']])
    await heads.commit([requestOf('a', 3)], () => Promise.reject(new Error('full'))).catch(() => {})
    heads.forget('b')
    expect(told(await commit(requestOf('a', 3), requestOf('b', 2)))).toEqual([true, true])
    expect(asked.slice(1)).toEqual([['a', 'b']])
  })

  test('a key that comes often in one batch is read once, and each of its sequences follows the one before', async () => {
    const { commit, asked } = stored()
    expect(told(await commit(requestOf('a', 1), requestOf('a', 2), requestOf('a', 4)))).toEqual([
      true,
      true,
      false,
    ])
    expect(asked).toEqual([['a']])
  })

  test('where more are known than are kept, those of the batch count all the same', async () => {
    const { commit, asked } = stored(2)
    await commit(requestOf('a', 1), requestOf('b', 1))
    expect(told(await commit(requestOf('a', 2), requestOf('c', 1)))).toEqual([true, true])
    expect(told(await commit(requestOf('c', 2), requestOf('b', 2)))).toEqual([true, true])
    expect(asked).toEqual([['a', 'b'], ['c'], ['b']])
  })
})

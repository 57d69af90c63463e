import type { CommitRequest } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { headsOf } from '../../src/stores/heads.js'
import { request } from '../../src/testing/contract/store/requests.js'
import { Gate } from '../kit/gate.js'

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
    await commit(request('known', 1))
    reads.shut()
    const failing = heads.commit([request('known', 2)], () => Promise.reject(new Error('full')))
    await expect(failing).rejects.toThrow('full')
    const innocent = commit(request('new', 1), request('known', 2))
    reads.open()
    expect(told(await innocent)).toEqual([true, true])
  })

  test('what was read stays true for the next batch, and is asked again of what failed or was changed', async () => {
    const { heads, commit, asked } = stored()
    expect(told(await commit(request('a', 1), request('b', 1)))).toEqual([true, true])
    expect(told(await commit(request('a', 2)))).toEqual([true])
    expect(asked).toEqual([['a', 'b']])
    await heads.commit([request('a', 3)], () => Promise.reject(new Error('full'))).catch(() => {})
    heads.forget('b')
    expect(told(await commit(request('a', 3), request('b', 2)))).toEqual([true, true])
    expect(asked.slice(1)).toEqual([['a', 'b']])
  })

  test('a key that comes often in one batch is read once, and each of its sequences follows the one before', async () => {
    const { commit, asked } = stored()
    expect(told(await commit(request('a', 1), request('a', 2), request('a', 4)))).toEqual([true, true, false])
    expect(asked).toEqual([['a']])
  })

  test('where more are known than are kept, those of the batch count all the same', async () => {
    const { commit, asked } = stored(2)
    await commit(request('a', 1), request('b', 1))
    expect(told(await commit(request('a', 2), request('c', 1)))).toEqual([true, true])
    expect(told(await commit(request('c', 2), request('b', 2)))).toEqual([true, true])
    expect(asked).toEqual([['a', 'b'], ['c'], ['b']])
  })
})

import { type CommitOutcome, type CommitRequest, StoreUnreachableError } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { Committer, type Participant } from '../../src/runtime/committer.js'
import { Stretch } from '../../src/runtime/stretch.js'
import { ManualClock, settle } from '../kit/clock.js'

function requestOf(n: number): CommitRequest {
  const facts = { service: 's', version: 1, sequence: 1, savedAtMs: 0, phase: 'running' } as const
  return { key: `k${n}`, ...facts, wakeAtMs: undefined, text: '' }
}

/** A store that has each commit on its way until it is told to land, and who was answered. */
function slow() {
  const written: string[][] = []
  const landings: (() => void)[] = []
  const answered: number[] = []
  const commit = async (batch: readonly CommitRequest[]) => {
    written.push(batch.map(({ key }) => key))
    await new Promise<void>((resolve) => landings.push(resolve))
    return batch.map(() => ({ ok: true }) as const)
  }
  const committer = new Committer({ commit }, new Stretch(new ManualClock()))
  const ask = (n: number) => {
    committer.request({ collect: () => requestOf(n), committed: () => void answered.push(n) })
  }
  const land = async () => {
    landings.shift()?.()
    await settle()
  }
  return { written, answered, ask, land }
}

describe('a batch', () => {
  test('more than fit into one batch are all written, each once', async () => {
    const written: string[][] = []
    const commit = async (batch: readonly CommitRequest[]) => {
      written.push(batch.map(({ key }) => key))
      // No store's claim answers sooner.
      await undefined
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

  test('with nothing on its way one half goes ahead, so that disk and processor work at once', async () => {
    const { written, ask } = slow()
    for (let n = 0; n < 5; n++) ask(n)
    await settle()
    expect(written).toEqual([
      ['k0', 'k1', 'k2'],
      ['k3', 'k4'],
    ])
  })

  test('no more than two are on their way; who asks meanwhile is written with the next, all at once', async () => {
    const { written, answered, ask, land } = slow()
    for (let n = 0; n < 2; n++) ask(n)
    await settle()
    for (let n = 2; n < 5; n++) ask(n)
    await settle()
    expect(written).toEqual([['k0'], ['k1']])
    await land()
    expect(written).toEqual([['k0'], ['k1'], ['k2', 'k3', 'k4']])
    expect(answered).toEqual([0])
    await land()
    await land()
    expect(answered).toEqual([0, 1, 2, 3, 4])
  })
})

test('who waits behind a batch for which the server was away too long is told with it, each of its own', async () => {
  const written: string[][] = []
  let give = (_: CommitOutcome) => {}
  const commit = async (batch: readonly CommitRequest[]) => {
    written.push(batch.map(({ key }) => key))
    const outcome = await new Promise<CommitOutcome>((resolve) => {
      give = resolve
    })
    return batch.map(() => outcome)
  }
  const committer = new Committer({ commit }, new Stretch(new ManualClock()))
  const answered: unknown[][] = []
  const ask = (n: number) => {
    const committed = (outcome: CommitOutcome) => {
      const { key } = outcome.ok ? {} : (outcome.error as StoreUnreachableError)
      answered.push([n, key])
    }
    committer.request({ collect: () => requestOf(n), committed })
  }
  for (let n = 0; n < 2; n++) ask(n)
  await settle()
  for (let n = 2; n < 5; n++) ask(n)
  // One that could not be captured has dealt with that by itself, and has no answer coming.
  committer.request({ collect: () => undefined, committed: () => void answered.push(['unasked']) })
  const first = { service: 's', key: 'k1' }
  give({ ok: false, error: new StoreUnreachableError('the server', 'no answer', first) })
  await settle()
  expect(answered).toEqual([
    [1, 'k1'],
    [2, 'k2'],
    [3, 'k3'],
    [4, 'k4'],
  ])
  // Who asks from now on waits anew.
  ask(5)
  await settle()
  expect(written).toEqual([['k0'], ['k1'], ['k5']])
})

test('many who wait behind it are told in slices, between which the platform has its turn', async () => {
  const clock = new ManualClock()
  const written: string[][] = []
  const gives: ((outcome: CommitOutcome) => void)[] = []
  const commit = async (batch: readonly CommitRequest[]) => {
    written.push(batch.map(({ key }) => key))
    const outcome = await new Promise<CommitOutcome>((resolve) => gives.push(resolve))
    return batch.map(() => outcome)
  }
  const committer = new Committer({ commit }, new Stretch(clock))
  const told: number[] = []
  const participantOf = (n: number) => ({
    collect: () => {
      clock.jump(1)
      return requestOf(n)
    },
    committed: ({ ok }: CommitOutcome) => void (ok || told.push(n)),
  })
  const many = Array.from({ length: 136 }, (_, n) => participantOf(n))
  for (const one of many.slice(0, 2)) committer.request(one)
  await settle()
  for (const one of many.slice(2)) committer.request(one)
  clock.holdYielding()
  gives[1]?.({ ok: false, error: new StoreUnreachableError('the server', 'no answer') })
  gives[0]?.({ ok: true })
  let closed = false
  void committer.close().then(() => {
    closed = true
  })
  const counts: [number, boolean][] = []
  for (let turn = 0; turn < 5; turn++) {
    await settle()
    counts.push([told.length, closed])
    // One that waits still changes once more: it is told of that, too.
    if (!closed) committer.request(many[135] as Participant)
    clock.letYielding()
  }
  expect(counts).toEqual([
    [33, false],
    [65, false],
    [97, false],
    [129, false],
    [135, true],
  ])
  expect(told).toEqual(many.map((_, n) => n).slice(1))
  expect(written).toEqual([['k0'], ['k1']])
})

test('who was written by that very batch, and has changed meanwhile, is written anew', async () => {
  const written: string[][] = []
  const land: (() => void)[] = []
  const error = new StoreUnreachableError('the server', 'no answer')
  const commit = async (batch: readonly CommitRequest[]) => {
    written.push(batch.map(({ key }) => key))
    await new Promise<void>((resolve) => land.push(resolve))
    return batch.map(({ key }): CommitOutcome => (key === 'k0' ? { ok: true } : { ok: false, error }))
  }
  const committer = new Committer({ commit }, new Stretch(new ManualClock()))
  const told: boolean[] = []
  const changing: Participant = {
    collect: () => requestOf(0),
    committed: ({ ok }) => {
      told.push(ok)
      if (told.length === 1) committer.request(changing)
    },
  }
  committer.request(changing)
  for (const n of [1, 2]) committer.request({ collect: () => requestOf(n), committed: () => {} })
  await settle()
  committer.request(changing)
  land[0]?.()
  await settle()
  expect(told).toEqual([true])
  expect(written).toEqual([['k0', 'k1'], ['k2'], ['k0']])
})

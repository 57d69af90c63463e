import type { StoreClaim } from 'tardigrade'
import { type AsyncStorageLike, asyncStorageStore } from 'tardigrade/stores/async-storage'
import { type MmkvLike, mmkvStore } from 'tardigrade/stores/mmkv'
import { expect, test } from 'vitest'
import { request, Side } from './phones-kit.js'

/*
 * The fault model: an owner stands still before any call of the storage, or dies there, and another claims the store meanwhile, reads and
 * writes. Then it goes on, for as many calls as it likes, before the other is through.
 */

/** What was told to whoever asked. */
type Told = 'acknowledged' | 'refused'

const told = (asked: Promise<unknown>): Promise<Told> =>
  asked.then(
    () => 'acknowledged',
    () => 'refused',
  )

/** What does one thing more in the store of somebody who has claimed it. */
const acts = {
  commits: async (claim: StoreClaim, text: string) => {
    const sequence = ((await claim.load('a'))?.sequence ?? 0) + 1
    const [outcome] = await claim.commit([request('a', sequence, text)])
    if (outcome?.ok !== true) throw outcome?.error
  },
  removes: (claim: StoreClaim) => claim.remove('a'),
  'sets aside': (claim: StoreClaim) => claim.quarantine('a', 2, 'odd'),
} as const
type Act = keyof typeof acts

const open = (storage: AsyncStorageLike) => asyncStorageStore(storage, 's', { keep: 2 })

/** What the next owner finds, after which what nobody names is gone. */
async function found(next: () => Promise<StoreClaim>, data: ReadonlyMap<string, string>): Promise<string[]> {
  const history = await (await next()).history('a')
  await next()
  await next()
  const last = await next()
  expect(await last.history('a')).toEqual(history)
  // What an owner died or stood still over as it set it aside is in both.
  const named = new Set([...history, ...(await last.quarantined())].map(({ text }) => text))
  expect([...data.keys()].filter((place) => place.startsWith('s:text:')).length).toBe(named.size)
  expect([...data.keys()].filter((place) => place.startsWith('s:head')).length).toBe(
    Math.min(history.length, 1),
  )
  const heads = [...data.keys()].filter((place) => place.startsWith('s:head'))
  expect(heads.length).toBe(Math.min(history.length, 1))
  return history.map(({ text }) => text)
}

/** Of what was acknowledged, nothing is missing, and what was not has not come over it. */
function holds(texts: readonly string[], first: [Act, Told], second: [Act, Told]): void {
  if (second[1] === 'acknowledged') {
    if (second[0] === 'commits') expect(texts[0]).toBe('second')
    if (second[0] === 'removes') expect(texts).not.toContain('two')
  }
  if (first[1] === 'acknowledged') {
    if (first[0] === 'commits' && second[0] === 'commits') expect(texts).toContain('first')
    if (first[0] !== 'commits') expect(texts).not.toContain('two')
  }
}

const pairs = (Object.keys(acts) as Act[]).flatMap((first) =>
  (Object.keys(acts) as Act[]).map((second): [Act, Act] => [first, second]),
)

test.each(pairs)(
  'an owner that %s stands still anywhere while another claims and %s: AsyncStorage',
  async (first, second) => {
    const ends = new Set<string>()
    /** How far each goes before the other goes on; whether each was not through by then. */
    async function run(
      isOwn: boolean,
      before: number,
      meanwhile: number,
      then: number,
    ): Promise<[boolean, boolean]> {
      const data = new Map<string, string>()
      const one = new Side(data)
      const other = new Side(data)
      const earlier = await open({ ...one.storage }).claim()
      for (const [index, text] of ['one', 'two'].entries())
        await earlier.commit([request('a', index + 1, text)])
      // It goes on with what is its own, or with what it has of another.
      const claim = isOwn ? earlier : await open({ ...one.storage }).claim()
      one.free = other.free = false
      const mine = told(acts[first](claim, 'first'))
      const waits = await one.goOn(before)
      const theirs = told(
        open(other.storage)
          .claim()
          .then((next) => acts[second](next, 'second')),
      )
      const waitsToo = await other.goOn(meanwhile)
      await one.goOn(then)
      await other.goOn(100)
      await one.goOn(100)
      const outcome: [Told, Told] = [await mine, await theirs]
      const texts = await found(() => open(new Side(data).storage).claim(), data)
      holds(texts, [first, outcome[0]], [second, outcome[1]])
      ends.add(outcome.join(', '))
      return [waits, waitsToo]
    }
    for (const isOwn of [true, false]) {
      for (let before = 0, waits = true; waits; before++) {
        for (let meanwhile = 0, waitsToo = true; waitsToo; meanwhile++) {
          for (const then of [1, 100]) [waits, waitsToo] = await run(isOwn, before, meanwhile, then)
        }
      }
    }
    // It has come late and in time.
    expect([...ends].sort()).toContain('acknowledged, acknowledged')
    expect([...ends].sort()).toContain('refused, acknowledged')
  },
)

test('a dead owner leaves what it acknowledged, wherever it died, and nothing for ever', async () => {
  for (let calls = 0; calls <= 30; calls++) {
    const data = new Map<string, string>()
    const side = new Side(data)
    side.free = false
    const acknowledged: number[] = []
    void open(side.storage)
      .claim()
      .then(async (claim) => {
        for (const sequence of [1, 2, 3]) {
          await claim.commit([request('a', sequence, `text ${sequence}`)])
          acknowledged.push(sequence)
        }
      })
    await side.goOn(calls)
    const texts = await found(() => open(new Side(data).storage).claim(), data)
    const last = acknowledged.at(-1) ?? 0
    expect([`text ${last}`, `text ${last + 1}`, undefined]).toContain(texts[0])
    if (last > 0) expect(texts).toContain(`text ${last}`)
  }
})

/** Two objects of one instance, as two modules of an app make them: what they share is the native storage. */
function mmkv(data: Map<string, string>): MmkvLike {
  return {
    getString: (key) => data.get(key),
    set: (key, text) => void data.set(key, text),
    remove: (key) => data.delete(key),
    getAllKeys: () => [...data.keys()],
    byteSize: 0,
  }
}

test.each(pairs)(
  'an owner that %s while another object of one id claims and %s: MMKV',
  async (first, second) => {
    const ends = new Set<string>()
    for (let before = 0; before <= 60; before++) {
      for (let meanwhile = 0; meanwhile <= 60; meanwhile += 12) {
        const data = new Map<string, string>()
        const next = () => mmkvStore(mmkv(data), 's', { keep: 2 }).claim()
        const claim = await next()
        for (const [index, text] of ['one', 'two'].entries())
          await claim.commit([request('a', index + 1, text)])
        const mine = told(acts[first](claim, 'first'))
        for (let turn = 0; turn < before; turn++) await null
        const taken = await next()
        const late = told(acts[first](claim, 'first'))
        for (let turn = 0; turn < meanwhile; turn++) await null
        const theirs = told(acts[second](taken, 'second'))
        const outcome: [Told, Told] = [await mine, await theirs]
        expect(await late).toBe('refused')
        const texts = await found(next, data)
        holds(texts, [first, outcome[0]], [second, outcome[1]])
        ends.add(outcome.join(', '))
      }
    }
    expect([...ends].sort()).toContain('acknowledged, acknowledged')
    expect([...ends].sort()).toContain('refused, acknowledged')
  },
)

test.each([
  ['AsyncStorage', (data: Map<string, string>) => open(new Side(data).storage)],
  ['MMKV', (data: Map<string, string>) => mmkvStore(mmkv(data), 's', { keep: 2 })],
] as const)(
  'of two claims at once in %s, one commits, and the other is told that the store is lost',
  async (name, store) => {
    const data = new Map<string, string>()
    const claims = await Promise.all([store(data).claim(), store(data).claim()])
    const outcomes = await Promise.all(claims.map((claim, index) => told(acts.commits(claim, `of ${index}`))))
    expect([...outcomes].sort()).toEqual(['acknowledged', 'refused'])
    expect((await (await store(data).claim()).load('a'))?.text).toBe(`of ${outcomes.indexOf('acknowledged')}`)
    // What answers at once gives each an epoch of its own.
    if (name === 'MMKV') expect(claims[0]?.epoch).not.toBe(claims[1]?.epoch)
  },
)

test('what an owner writes late brings nothing back that the next one had begun and removed', async () => {
  const data = new Map<string, string>()
  const { storage } = new Side(data)
  const claim = await open({ ...storage, setItem: late }).claim()
  async function late(place: string, text: string): Promise<void> {
    if (place.startsWith('s:head')) {
      const next = await open({ ...storage }).claim()
      await acts.commits(next, 'of the next')
      await next.remove('a')
    }
    await storage.setItem(place, text)
  }
  await expect(claim.commit([request('a', 1, 'late')])).rejects.toMatchObject({ code: 'STALE_EPOCH' })
  const last = await open({ ...storage }).claim()
  expect([await last.list(), await last.load('a')]).toEqual([[], undefined])
  await open({ ...storage }).claim()
  expect([...data.keys()].sort()).toEqual([expect.stringMatching(/^s:claim:4:/), 's:owner'])
})

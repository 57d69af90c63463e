import { asyncStorageStore } from 'tardigrade/stores/async-storage'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { request, Side } from './phones-kit.js'

/*
 * The fault model: two claim the same data at once, and each stands still before any of its calls for as long as it likes. All orders of
 * their calls are tried in which the other's turn comes three times at most before one is through, but for what leads to where another has led.
 */

beforeEach(() => {
  let made = 0
  // Each claim has the same name in every order.
  vi.spyOn(Math, 'random').mockImplementation(() => ++made / 1000)
})
afterEach(() => vi.restoreAllMocks())

const open = ({ storage }: Side) => asyncStorageStore({ ...storage }, 's', { keep: 10 })

/** Claims the store and commits what follows from what it finds; gives what was acknowledged by now, and what was told to an owner as the work of somebody else. */
function lives(side: Side, text: string) {
  const acknowledged: string[] = []
  const robbed: unknown[] = []
  const living = async () => {
    const claim = await open(side).claim()
    const sequence = (await claim.load('a'))?.sequence ?? 0
    const [listed] = await claim.list()
    const [outcome] = await claim.commit([request('a', sequence + 1, text)])
    if (outcome?.ok === true) acknowledged.push(text)
    else robbed.push(outcome?.error)
    // It was the owner all the while.
    if (listed?.sequence !== (sequence || undefined)) robbed.push({ sequence, listed })
  }
  return { acknowledged, robbed, over: living().catch(() => {}) }
}

interface Run {
  readonly data: Map<string, string>
  readonly sides: readonly Side[]
  readonly acknowledged: readonly string[][]
  readonly robbed: readonly unknown[][]
}

/** Where all stand; which app a claim is of, and when it was made, is none of it. */
const stateOf = ({ data, sides }: Run) =>
  JSON.stringify([[...data].sort(), sides.map(({ heard }) => heard)]).replace(/pid\D+\d+\D+\d+/g, '')

/** How often another's turn comes while who has it is not through. */
const MOST_TURNS = 3

const turnsOf = (path: readonly number[]) => path.filter((side, at) => at > 0 && side !== path[at - 1]).length

/** Runs all orders, and looks at what is left by each. */
async function inAllOrders(
  begin: () => Promise<Run>,
  look: (run: Run) => Promise<void>,
  most = MOST_TURNS,
): Promise<void> {
  const seen = new Set<string>()
  const paths: number[][] = [[]]
  for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
    const run = await begin()
    for (const side of path) await run.sides[side]?.goOn(1)
    for (;;) {
      const now: number | undefined = path.at(-1)
      const turns = turnsOf(path)
      const state = `${now} ${turns} ${stateOf(run)}`
      if (seen.has(state)) break
      seen.add(state)
      const waiting = run.sides.flatMap(({ waits }, side) => (waits ? [side] : []))
      const goesOn: boolean = waiting.some((side) => side === now)
      const next: number | undefined = goesOn ? now : waiting[0]
      if (next === undefined) {
        await look(run)
        break
      }
      if (!goesOn || turns < most) {
        for (const side of waiting) if (side !== next) paths.push([...path, side])
      }
      path = [...path, next]
      await run.sides[next]?.goOn(1)
    }
  }
}

/** The next owner, and the one after it, find all that was acknowledged, and no owner had something come between. */
async function holds({ data, acknowledged, robbed }: Run): Promise<void> {
  expect(robbed.flat()).toEqual([])
  for (const _ of [1, 2]) {
    const found = (await (await open(new Side(data)).claim()).history('a')).map(({ text }) => text)
    expect(found).toEqual(expect.arrayContaining(acknowledged.flat()))
  }
}

async function begun(data = new Map<string, string>()): Promise<Run> {
  const sides = [new Side(data), new Side(data)]
  for (const side of sides) side.free = false
  const living = sides.map((side, index) => lives(side, `of ${index}`))
  for (const side of sides) await side.goOn(0)
  return {
    ...{ data, sides },
    acknowledged: living.map(({ acknowledged }) => acknowledged),
    robbed: living.map(({ robbed }) => robbed),
  }
}

test('of two claims at once, what either has acknowledged is there, wherever each stands still', async () => {
  const ends = new Set<string>()
  await inAllOrders(
    () => begun(),
    async (run) => {
      await holds(run)
      ends.add(run.acknowledged.flat().sort().join(', '))
    },
  )
  expect([...ends].sort()).toEqual(['of 0', 'of 0, of 1', 'of 1'])
})

/** A map with room for one mark of a claim. */
class OneMark extends Map<string, string> {
  override set(place: string, text: string): this {
    const isOf = (mark: string) => mark.startsWith('s:claim:')
    if (isOf(place) && [...this.keys()].some((other) => isOf(other) && other !== place))
      throw new Error('full')
    return super.set(place, text)
  }
}

test('so it is where either has room for its mark without those before only', async () => {
  const ends = new Set<string>()
  const full = async () => {
    const data = new OneMark()
    const earlier = await open(new Side(data)).claim()
    await earlier.commit([request('a', 1, 'earlier')])
    const run = await begun(data)
    return { ...run, acknowledged: [...run.acknowledged, ['earlier']] }
  }
  await inAllOrders(
    full,
    async (run) => {
      await holds(run)
      ends.add(run.acknowledged.flat().sort().join(', '))
    },
    2,
  )
  expect([...ends].sort()).toEqual(['earlier', 'earlier, of 0', 'earlier, of 0, of 1', 'earlier, of 1'])
})

test.each([true, false])(
  'what an owner commits late comes neither between what the next one reads and commits, nor before its own (its own head: %s)',
  async (hasHead) => {
    const ends = new Set<string>()
    const replaced = async (): Promise<Run> => {
      const data = new Map<string, string>()
      const earlier = await open(new Side(data)).claim()
      await earlier.commit([request('a', 1, 'earlier')])
      const sides = [new Side(data), new Side(data)] as const
      const claim = await open(sides[0]).claim()
      if (hasHead) await claim.commit([request('a', 2, 'its own')])
      for (const side of sides) side.free = false
      const acknowledged = ['earlier']
      const late = claim.commit([request('a', hasHead ? 3 : 2, 'late')])
      late.then(() => acknowledged.push('late')).catch(() => {})
      const next = lives(sides[1], 'of the next')
      for (const side of sides) await side.goOn(0)
      return { data, sides, acknowledged: [acknowledged, next.acknowledged], robbed: [next.robbed] }
    }
    await inAllOrders(replaced, async (run) => {
      await holds(run)
      ends.add(run.acknowledged.flat().join(', '))
    })
    expect([...ends].sort()).toEqual(['earlier, late, of the next', 'earlier, of the next'])
  },
)

test('an owner that stands still before a head while two claim at once does no harm to what they acknowledge', async () => {
  const data = new Map<string, string>()
  const owner = new Side(data)
  const claim = await open(owner).claim()
  await claim.commit([request('a', 1, 'earlier')])
  owner.free = false
  const late = claim.commit([request('a', 2, 'late')]).catch((error: unknown) => error)
  // It asks who is the owner, writes the text, and asks again.
  await owner.goOn(3)
  const both = ['one', 'other'].map((text) => lives(new Side(data), text))
  for (const { over } of both) await over
  const [acknowledged, robbed] = [both.map((one) => one.acknowledged), both.map((one) => one.robbed)]
  await owner.goOn(10)
  expect(await late).toMatchObject({ code: 'STALE_EPOCH' })
  expect(acknowledged.flat()).toHaveLength(1)
  await holds({ data, sides: [], acknowledged, robbed })
})

test('an owner whose own head could not be written goes on from what it has found, whatever another writes late', async () => {
  const data = new Map<string, string>()
  const owner = new Side(data)
  const claim = await open(owner).claim()
  await claim.commit([request('a', 1, 'earlier')])
  owner.free = false
  const late = claim.commit([request('a', 2, 'late')]).catch((error: unknown) => error)
  await owner.goOn(3)
  const { storage } = new Side(data)
  let isFull = true
  const setItem = async (place: string, text: string) => {
    if (isFull && place.startsWith('s:head')) throw new Error('full')
    await storage.setItem(place, text)
  }
  const next = await asyncStorageStore({ ...storage, setItem }, 's', { keep: 10 }).claim()
  await expect(next.commit([request('a', 2, 'without room')])).rejects.toMatchObject({ code: 'STORE_FULL' })
  await owner.goOn(10)
  expect(await late).toMatchObject({ code: 'STALE_EPOCH' })
  isFull = false
  expect((await next.load('a'))?.text).toBe('earlier')
  expect(await next.commit([request('a', 2, 'of the next')])).toEqual([{ ok: true }])
})

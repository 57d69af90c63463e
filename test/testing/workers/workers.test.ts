import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ServiceModule, VerifyOptions } from 'tardigrade/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { compiled } from '../../crash/child.js'
import { bringUpToDate } from '../../kit/built.js'
import { temporaryFolder } from '../../kit/folder.js'
import { thrownBy } from '../machines.js'

const LIMIT_MS = 180_000
const module = fileURLToPath(new URL('fixture.mjs', import.meta.url))

/** Threads run compiled code, so it does. */
const kit = async (): Promise<typeof import('tardigrade/testing')> => import(compiled('src/testing/index.js'))

/** What comes of it with several numbers of workers, one after another. */
async function withEach(numbers: readonly number[], place: ServiceModule, options: VerifyOptions) {
  const { verifyInterruptions } = await kit()
  const all: unknown[] = []
  for (const workers of numbers)
    all.push(await verifyInterruptions(place, { ...options, workers }).catch((error: unknown) => error))
  return all
}

const told = (error: unknown) => ({ name: (error as Error).name, message: (error as Error).message })

beforeAll(bringUpToDate, LIMIT_MS)

describe('however many workers there are', { timeout: LIMIT_MS }, () => {
  const sound = { module, export: 'sound' }

  test.each<[string, VerifyOptions]>([
    ['random', { seed: 5, runs: 150 }],
    ['exhaustive', { mode: 'exhaustive' }],
    [
      'crashPoints',
      { mode: 'crashPoints', sequences: [[{ type: 'ADD' }, { do: 'advance', ms: 70 }], [{ type: 'ADD' }]] },
    ],
  ])('the report is the same, line by line: %s', async (_, options) => {
    const [alone, ...others] = await withEach([1, 3], sound, options)
    expect(alone).not.toBeInstanceOf(Error)
    for (const other of others) {
      expect(JSON.stringify(other)).toBe(JSON.stringify(alone))
      expect(`${other}`).toBe(`${alone}`)
    }
  })

  test('the counterexample is that of the first plan that shows one, made shorter here, and kept', async () => {
    const rare = { module, export: 'rare', options: 'verify' }
    const corpus = temporaryFolder()
    const [alone, ...others] = await withEach([1, 3], rare, { seed: 1, runs: 600 })
    // Its events are those of the module's options.
    expect(alone).toMatchObject({ code: 'INTERRUPTION_BUG', message: expect.stringContaining('"by":1') })
    for (const other of others) expect(told(other)).toEqual(told(alone))
    const [kept] = await withEach([2], rare, { seed: 1, runs: 600, corpus })
    expect(told(kept)).toEqual(told(alone))
    expect(readdirSync(corpus)).toHaveLength(1)
    // It is run first, and once: no worker is begun.
    let plans = 0
    const [again] = await withEach([2], rare, { seed: 1, runs: 64, corpus, onPlan: () => plans++ })
    expect(again).toMatchObject({ token: (alone as { token: string }).token })
    expect(plans).toBe(1)
  })

  test('each plan is heard of once', async () => {
    let plans = 0
    await withEach([2], sound, { seed: 5, runs: 150, onPlan: () => plans++ })
    expect(plans).toBe(150)
  })

  test('what cannot be verified is told as by one thread', async () => {
    const cases: readonly [string, VerifyOptions][] = [
      ['flaky', { runs: 200, seed: 1 }],
      ['endless', { mode: 'exhaustive', mostStates: 40 }],
    ]
    for (const [name, options] of cases) {
      const [alone, other] = await withEach([1, 2], { module, export: name }, options)
      expect(alone).toMatchObject({ code: name === 'flaky' ? 'FLAKY_MACHINE' : 'UNVERIFIABLE' })
      // What the flaky one counts goes on from one to the other.
      expect(told(other).name).toEqual(told(alone).name)
    }
  })

  test('what one of them has seen and nobody can see again is flaky', async () => {
    const [found] = await withEach([2], { module, export: 'gone' }, { runs: 200, seed: 1 })
    expect(found).toMatchObject({ code: 'FLAKY_MACHINE', service: 'gone' })
  })
})

describe('a worker that is lost', { timeout: LIMIT_MS }, () => {
  test.each([
    ['dying', 'ended by itself, with code 3'],
    ['throwing', 'died of Error: nobody hears of this'],
  ])('%s', async (name, reason) => {
    const [lost] = await withEach([2], { module, export: name }, { runs: 2000, seed: 1 })
    expect(lost).toMatchObject({ code: 'WORKER_LOST', service: name, reason })
  })

  test('hanging', async () => {
    const { searchTogether } = await import(compiled('src/testing/workers/crew.js'))
    const { Tally } = await import(compiled('src/testing/report/tally.js'))
    const { Matrix } = await import(compiled('src/testing/report/matrix.js'))
    const assignment = { place: { module, export: 'hanging' }, given: { runs: 2000, seed: 1 } }
    const work = { service: 'hanging', assignment, workers: 2, lookMs: 50 }
    const lost = await thrownBy(searchTogether(work, new Tally(new Matrix([], []))))
    expect(lost).toMatchObject({
      code: 'WORKER_LOST',
      reason: 'hangs: something in the machine does not end',
    })
  })

  test('whose module needs the main thread', async () => {
    const place = { module: module.replace(/fixture.mjs$/, 'main-thread.mjs'), export: 'machine' }
    const [alone, lost] = await withEach([1, 2], place, { runs: 100, seed: 1 })
    expect(alone).toMatchObject({ runs: 100 })
    expect(lost).toMatchObject({
      code: 'WORKER_LOST',
      message: expect.stringContaining('process.chdir() is not supported in workers'),
      remedy: expect.stringContaining('workers: 1'),
    })
  })
})

test('a service must come from a module, and options that are no data too', {
  timeout: LIMIT_MS,
}, async () => {
  const { verifyInterruptions } = await kit()
  const { sound, verify } = await import('./fixture.mjs' as string)
  const place = { module, export: 'sound' }
  const refusals = [
    [sound, {}, /^The service cannot be verified: .*Say where it is exported/],
    [place, { invariants: { some: () => true } }, /^The option `invariants`.*export const verify = /],
    [place, { events: verify.events }, /^The option `events`/],
    [place, { input: new (class Money {})() }, /^The option `input`/],
    [place, { isolate: 'process' }, /^A service with `isolate`/],
    [{ ...place, options: 'unlike' }, {}, /^The export “unlike” of the module .* is no object/],
    [place, { workers: 0 }, /^The option workers is 0/],
  ] as const
  for (const [verified, options, message] of refusals) {
    const refused = await thrownBy(verifyInterruptions(verified, { workers: 2, runs: 100, ...options }))
    expect((refused as Error).message).toMatch(message)
  }
})

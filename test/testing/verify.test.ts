import {
  FlakyMachineError,
  ForeignTokenError,
  InterruptionBugError,
  replay,
  UnverifiableError,
  verifyInterruptions,
} from 'tardigrade/testing'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type AnyStateMachine, assign, fromPromise, setup } from 'xstate'
import { INTERRUPTION_KINDS } from '../../src/testing/plans/steps.js'
import { connection, family, flat, regions } from '../interruption/machines.js'
import { canary, thrownBy } from './machines.js'

/** With these, one run of each plan had been enough to accuse it. */
const ACCUSED = [1, 119, 147]

describe('verifyInterruptions', () => {
  test.each(Object.entries({ flat, regions, family, connection }))(
    'finds nothing in a sound machine: %s',
    async (_, make) => {
      const actors = make === connection ? { socket: { sends: [] } } : {}
      const report = await verifyInterruptions(make([]) as AnyStateMachine, { actors })
      expect(report.runs).toBe(100)
      // By chance one of so many kinds comes in none of the plans.
      const { kinds } = await verifyInterruptions(make([]) as AnyStateMachine, { actors, seed: 1 })
      const most = INTERRUPTION_KINDS.filter((kind) => kind !== 'upgrade')
      expect(Object.keys(kinds).sort()).toEqual([...most].sort())
    },
  )

  test('catches the canary in every run, in two steps or three, and tells how', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const bug = await thrownBy(verifyInterruptions(canary(), { seed }))
      expect(bug).toBeInstanceOf(InterruptionBugError)
      const { steps, difference, token, message } = bug as InterruptionBugError<{ do: string }>
      expect(steps.length).toBeLessThanOrEqual(3)
      expect(difference).toMatch(/^machine\.context\.n is \d, and \d without the interruption$/)
      expect(message).toMatch(/^ {2}1\. .*{"type":"ADD"}/m)
      expect(message).toContain(`Token: ${token}\nSeed: ${seed}`)
    }
  })

  test('finds the same with the same seed, and replays a token to the same difference', async () => {
    const [one, two] = [
      await thrownBy(verifyInterruptions(canary(), { seed: 7 })),
      await thrownBy(verifyInterruptions(canary(), { seed: 7 })),
    ]
    expect((one as Error).message).toBe((two as Error).message)
    const { token, difference } = one as InterruptionBugError<unknown>
    expect(await thrownBy(replay(canary(), token))).toMatchObject({ difference, token })
    // The same plan shows nothing in a sound machine of that name.
    const sound = setup({ types: { events: {} as { type: 'ADD' } } }).createMachine({
      id: 'canary',
      on: { ADD: {} },
    })
    await replay(sound, token)
  })

  test('drives what works outside: a promise is asked once under its key, however often it runs', async () => {
    const charge = fromPromise(async (): Promise<string> => {
      throw new Error('nobody may call the real one')
    })
    const order = setup({
      types: { context: {} as { receipt: string }, events: {} as { type: 'PAY' } },
      actors: { charge },
    }).createMachine({
      id: 'order',
      context: { receipt: '' },
      initial: 'open',
      states: {
        open: { on: { PAY: 'paying' } },
        paying: {
          invoke: {
            src: 'charge',
            id: 'charge',
            onDone: { target: 'open', actions: assign({ receipt: ({ event }) => event.output }) },
          },
        },
      },
    })
    await verifyInterruptions(order, { actors: { charge: { resolves: 'paid', afterMs: 30 } } })
    await verifyInterruptions(order, { actors: { charge: { resolves: 'paid' } } })
    const undriven = await thrownBy(verifyInterruptions(order))
    expect(undriven).toBeInstanceOf(UnverifiableError)
    expect(undriven).toMatchObject({
      service: 'order',
      remedy: expect.stringContaining('charge: { resolves: … }'),
    })
  })

  test('tells a flaky machine from an interruption bug', async () => {
    let calls = 0
    const flaky = setup({
      types: { context: {} as { n: number }, events: {} as { type: 'ADD' } },
    }).createMachine({
      id: 'flaky',
      context: { n: 0 },
      on: { ADD: { actions: assign({ n: () => calls++ }) } },
    })
    expect(await thrownBy(verifyInterruptions(flaky))).toBeInstanceOf(FlakyMachineError)
  })

  test.each(ACCUSED)('accuses no interruption of what chance does now and then: %i', async (drawn) => {
    // Chance that can be repeated: one of twenty draws counts.
    let state = drawn
    const chance = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 32
    }
    const rare = setup({
      types: { context: {} as { n: number }, events: {} as { type: 'ADD' } },
    }).createMachine({
      id: 'rare',
      context: { n: 0 },
      on: { ADD: { actions: assign({ n: () => (chance() < 0.05 ? 1 : 0) }) } },
    })
    const told = await thrownBy(verifyInterruptions(rare, { seed: drawn }))
    expect(told).toBeInstanceOf(FlakyMachineError)
    expect((told as Error).message).toMatch(/ itself, after:\n {2}1\. .*\nThen: .*\nToken: /s)
    expect((told as FlakyMachineError).seed).toBe(drawn)
  })

  test('refuses a machine without events, and tokens that are none of its own', async () => {
    const silent = setup({}).createMachine({ id: 'silent' })
    expect(await thrownBy(verifyInterruptions(silent))).toBeInstanceOf(UnverifiableError)
    const { token } = (await thrownBy(verifyInterruptions(canary()))) as InterruptionBugError<unknown>
    const others = ['nothing', token.replace('plan-1', 'plan-3'), `${token.slice(0, 30)}!`]
    for (const other of others)
      expect(await thrownBy(replay(canary(), other))).toBeInstanceOf(ForeignTokenError)
    expect(await thrownBy(replay(silent, token))).toMatchObject({
      message: expect.stringContaining('“canary”'),
    })
    const versions = await thrownBy(replay(canary(), others[1] ?? ''))
    expect(versions).toMatchObject({
      message: expect.stringContaining('of version 3, and this code reads versions 1 and 2'),
    })
  })
})

test('the platform has its turn every few plans, whatever its timers have been replaced by', async () => {
  let turns = 0
  const real = setImmediate
  const turn = () => {
    turns++
    if (turns < 1000) real(turn)
  }
  real(turn)
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  await verifyInterruptions(flat([]), { runs: 200, seed: 1 })
  // Each stretch is a small part of what so many plans take on any machine.
  expect(turns).toBeGreaterThanOrEqual(3)
  turns = 1000
})

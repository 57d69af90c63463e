import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import {
  BrokenInvariantError,
  FlakyMachineError,
  InterruptionBugError,
  replay,
  type Step,
  trace,
  verifyInterruptions,
} from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { assign, emit, setup } from 'xstate'
import { problemOf } from '../../src/errors/base.js'
import { temporaryFolder } from '../kit/folder.js'
import { canary, thrownBy } from './machines.js'

const bell = setup({
  types: {
    context: {} as { n: number },
    events: {} as { type: 'RING' },
    emitted: {} as { type: 'rang'; n: number },
  },
  actions: { ring: (_, _params: { n: number }) => {}, count: assign({ n: ({ context }) => context.n + 1 }) },
}).createMachine({
  id: 'bell',
  context: { n: 0 },
  on: {
    RING: {
      actions: [
        'count',
        { type: 'ring', params: ({ context }) => ({ n: context.n }) },
        emit(({ context }) => ({ type: 'rang', n: context.n })),
      ],
    },
  },
})

const rings = (times: number) => Array.from({ length: times }, () => ({ type: 'RING' }) as const)

describe('what whoever an effect is done to makes of it', () => {
  test('exactlyOnce, the default: each once under its key, in order, emitted events too', async () => {
    await verifyInterruptions(bell)
    await verifyInterruptions(bell, { effects: { ring: 'exactlyOnce', rang: 'exactlyOnce' } })
  })

  test('idempotent: the same again changes nothing', async () => {
    await verifyInterruptions(bell, { effects: { ring: 'idempotent', rang: 'idempotent' } })
  })

  test('atMostOnce: one that is done again after a crash is told', async () => {
    const bug = await thrownBy(verifyInterruptions(bell, { effects: { ring: 'atMostOnce' }, runs: 300 }))
    expect(bug).toBeInstanceOf(InterruptionBugError)
    const { steps, difference } = bug as InterruptionBugError<Step>
    expect(difference).toBe(
      '“ring on RING {"n":1}” was done more often than without the interruption, and may be at most once',
    )
    // In its middle, or when it was done and nobody had noted it durably: chance says which is found.
    const at = expect.stringMatching(/^(during|after)-effect$/)
    expect(steps).toEqual([{ do: 'crash', at, event: { type: 'RING' } }])
    // Where nothing dies in its middle, it is not.
    await verifyInterruptions(bell, {
      effects: { ring: 'atMostOnce' },
      kinds: ['pause', 'kill', 'stop', 'storeFails'],
    })
  })
})

describe('invariants', () => {
  test('hold after every step, or are told with the step', async () => {
    const positive = { 'n is not negative': ({ context }: { context: { n: number } }) => context.n >= 0 }
    await verifyInterruptions(bell, { invariants: positive })
  })

  test('one that interruptions alone break is an interruption bug', async () => {
    let last = 0
    const grows = ({ context }: { context: { n: number } }) => {
      const fell = context.n === 1 && last === 2
      last = context.n
      return !fell
    }
    // What differs anyway is left out, so that the invariant alone tells.
    const bug = await thrownBy(
      verifyInterruptions(canary(), {
        kinds: ['kill'],
        runs: 500,
        seed: 1,
        invariants: { grows: (snapshot) => grows(snapshot) },
        normalize: ({ invariants }) => ({ invariants }),
      }),
    )
    expect((bug as Error).message).toContain('grows')
  })

  test('one that does not hold without any interruption is no interruption bug', async () => {
    const few = {
      'less than two': ({ context }: { context: { n: number } }) => {
        if (context.n >= 2) throw new Error(`there are ${context.n}`)
      },
    }
    const broken = await thrownBy(verifyInterruptions(bell, { invariants: few }))
    expect(broken).toBeInstanceOf(BrokenInvariantError)
    expect((broken as Error).message).toMatch(
      /^The invariant “less than two: there are 2” does not hold, though nothing was interrupted, after:\n {2}1\. send {"type":"RING"}\n {2}2\. send {"type":"RING"}\.\nToken: tardigrade-plan-1\.\S+\nMend/,
    )
  })

  describe('one that the machine breaks by itself is found again', () => {
    const invariants = { few: ({ context }: { context: { n: number } }) => context.n < 2 }
    const ring = { do: 'send', event: { type: 'RING' } }

    test.each([
      ['random', { seed: 3 }],
      [
        'random, with data by chance',
        { seed: 3, events: [fc.record({ type: fc.constant('RING' as const) })] },
      ],
      ['exhaustive', { mode: 'exhaustive' as const, depth: 3 }],
      [
        'crashPoints',
        { mode: 'crashPoints' as const, sequences: [[{ do: 'advance', ms: 9 } as const, ...rings(3)]] },
      ],
    ])('%s: after the fewest steps, by a token', async (_, options) => {
      const broken = await thrownBy(verifyInterruptions(bell, { invariants, ...options }))
      expect(broken).toBeInstanceOf(BrokenInvariantError)
      const { steps, token, message } = broken as BrokenInvariantError<Step>
      expect(steps).toEqual([ring, ring])
      expect(message).toContain(`Token: ${token}`)
      expect(await thrownBy(replay(bell, String(token), { invariants }))).toEqual(broken)
      const told = await trace(bell, String(token), { invariants })
      expect(await trace(bell, String(token), { invariants })).toBe(told)
      expect(told.trimEnd().endsWith(problemOf(broken as Error))).toBe(true)
    })

    test('and is kept in the corpus', async () => {
      const corpus = temporaryFolder()
      await thrownBy(verifyInterruptions(bell, { invariants, corpus }))
      expect(readdirSync(corpus)).toHaveLength(1)
      // Its plans come first, whatever the others are.
      const again = await thrownBy(verifyInterruptions(bell, { invariants, corpus, mostSteps: 1 }))
      expect(again).toBeInstanceOf(BrokenInvariantError)
      expect((await verifyInterruptions(bell, { corpus, runs: 5 })).figures.fromCorpus).toBe(1)
    })

    test('data by chance are as small as they can be', async () => {
      const most = setup({
        types: { context: {} as { n: number }, events: {} as { type: 'ADD'; by: number } },
      }).createMachine({
        id: 'most',
        context: { n: 0 },
        on: { ADD: { actions: assign({ n: ({ context, event }) => Math.max(context.n, event.by) }) } },
      })
      const broken = await thrownBy(
        verifyInterruptions(most, {
          events: [fc.record({ type: fc.constant('ADD' as const), by: fc.nat(1000) })],
          invariants: { small: ({ context }) => context.n < 500 },
          seed: 1,
        }),
      )
      expect((broken as BrokenInvariantError<Step>).steps).toEqual([
        { do: 'send', event: { type: 'ADD', by: 500 } },
      ])
    })
  })
})

describe('normalize', () => {
  const flaky = () => {
    let calls = 0
    return setup({ types: { context: {} as { at: number }, events: {} as { type: 'LOOK' } } }).createMachine({
      id: 'flaky',
      context: { at: 0 },
      on: { LOOK: { actions: assign({ at: () => calls++ }) } },
    })
  }

  test('leaves out what may differ', async () => {
    expect(await thrownBy(verifyInterruptions(flaky()))).toBeInstanceOf(FlakyMachineError)
    await verifyInterruptions(flaky(), {
      normalize: (seen) => {
        seen.machine.context = 'left out'
        return seen
      },
    })
  })

  test('leaves everything else', async () => {
    const bug = await thrownBy(verifyInterruptions(canary(), { normalize: (seen) => seen }))
    expect(bug).toBeInstanceOf(InterruptionBugError)
  })
})

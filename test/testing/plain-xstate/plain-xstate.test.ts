import superjson from 'superjson'
import {
  InterruptionBugError,
  type RandomOptions,
  replay,
  type Step,
  verifyInterruptions,
} from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import type { AnyStateMachine } from 'xstate'
import { worldOf } from '../../../src/testing/subject.js'
import { verifyWorld } from '../../../src/testing/verify-world.js'
import { thrownBy } from '../machines.js'
import * as machines from './machines.js'
import { type Encoding, plainXState } from './process.js'

/**
 * The kit turned on plain XState: the counterexamples of `test/counterexamples` are found by it, with nothing said of what to
 * look for, and the same plans show nothing in a service of this library.
 */
interface Case {
  readonly machine: AnyStateMachine
  /** The default is JSON, as in XState's documentation. */
  readonly encoding?: Encoding
  readonly options?: RandomOptions
  /** What an interruption changed, as the kit tells it. */
  readonly difference: string | RegExp
  readonly steps: readonly Step['do'][]
}

const QUIET: RandomOptions = { kinds: ['kill'], runs: 100 }

const CASES: Readonly<Record<string, Case>> = {
  '1: an `after` never fires': {
    machine: machines.timer,
    difference: 'machine.value is "waiting", and "fired" without the interruption',
    steps: ['send', 'kill', 'advance'],
  },
  '2: a delayed event is gone': {
    machine: machines.alarm,
    options: { events: [{ type: 'ARM' }], longestMs: 4000 },
    difference: /raised/,
    steps: ['send', 'kill', 'advance'],
  },
  '3: a child’s `after` is gone, and its parent waits for ever': {
    machine: machines.parent,
    difference: 'machine.value is "waiting", and "finished" without the interruption',
    steps: ['send', 'kill', 'advance'],
  },
  '9: an invoked promise charges twice': {
    machine: machines.payment,
    options: { actors: { charge: { resolves: 'paid', afterMs: 50 } } },
    difference: /charge asked/,
    steps: ['send', 'kill'],
  },
  '10: every restart replays `onSnapshot`': {
    machine: machines.observer,
    difference: 'machine.context.heard is 2, and 1 without the interruption',
    steps: ['kill'],
  },
  '12: a kill between effect and record doubles the effect': {
    machine: machines.shop,
    options: { kinds: ['crash'] },
    difference: /charge on BUY/,
    steps: ['crash'],
  },
  '13: a Map became {}': {
    machine: machines.stock,
    difference: /machine\.context\.stock/,
    steps: ['kill'],
  },
  '14: a reference inside a Map is dead': {
    machine: machines.registry,
    encoding: superjson,
    difference: /machine\.context\.bells/,
    steps: ['kill'],
  },
  '15: what was one object is two': {
    machine: machines.twice,
    difference: /again/,
    steps: ['send', 'kill'],
  },
  '16: an Error became {}': {
    machine: machines.failing,
    options: { actors: { work: { rejects: new TypeError('no') } } },
    difference: /machine\.context\.error/,
    steps: ['send', 'kill'],
  },
}

const SEED = 1

function onPlainXState(machine: AnyStateMachine, options: RandomOptions, encoding: Encoding = JSON) {
  const world = { ...worldOf(machine, options), process: plainXState(encoding) }
  return verifyWorld(world, { ...QUIET, seed: SEED, ...options })
}

describe('plain XState over a store, and this library over the same', () => {
  test.each(Object.entries(CASES))(
    '%s',
    async (_, { machine, encoding, options = {}, difference, steps }) => {
      const bug = await thrownBy(onPlainXState(machine, options, encoding))
      expect(bug).toBeInstanceOf(InterruptionBugError)
      const found = bug as InterruptionBugError<Step>
      expect(found.steps.map((step) => step.do)).toEqual(steps)
      expect(found.difference).toMatch(difference)
      // The very same plans, and that one.
      await verifyInterruptions(machine, { ...QUIET, seed: SEED, ...options })
      await replay(machine, found.token, options)
    },
  )

  test('what plain XState keeps, the kit finds nothing in', async () => {
    const kinds = ['kill', 'stop', 'pause', 'overlap', 'sleep', 'checkpoint'] as const
    const report = await onPlainXState(machines.plainest, { kinds, runs: 300 })
    expect(Object.keys(report.kinds).sort()).toEqual([...kinds].sort())
    const exhaustive = await verifyWorld(
      { ...worldOf(machines.plainest, {}), process: plainXState(JSON) },
      { mode: 'exhaustive', kinds },
    )
    expect(exhaustive.matrix.empty()).toEqual([])
  })
})

import { defineService, InvalidOptionError } from 'tardigrade'
import { UnverifiableError, type VerifyOptions, verifyInterruptions } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import {
  type AnyActorRef,
  type AnyEventObject,
  createMachine,
  fromPromise,
  type MachineConfig,
  raise,
  sendParent,
  sendTo,
  setup,
} from 'xstate'
import { machine as untypedMachine } from '../service/untyped-machine.js'
import { gate, thrownBy } from './machines.js'

const mistake = new Error('no such thing')
const fails = () => {
  throw mistake
}

test.each(['normalize', 'key'] as const)(
  'a %s that throws is named, and what it threw is kept',
  async (option) => {
    const thrown = await thrownBy(
      verifyInterruptions(gate, { mode: 'exhaustive', depth: 1, [option]: fails }),
    )
    expect(thrown).toBeInstanceOf(InvalidOptionError)
    expect(thrown).toMatchObject({ option, cause: mistake })
    expect((thrown as Error).message).toContain(
      `The option ${option} is a function that threw Error: no such thing.`,
    )
  },
)

const spinning = { a: { always: 'b' }, b: { always: 'a' } }

const AGAIN = { type: 'AGAIN' }
const toItself = sendTo(({ self }: { self: AnyActorRef }) => self, AGAIN)
const answering = { entry: toItself, on: { AGAIN: { target: 'a', reenter: true } } }

/** Its parent takes its failure for one of many. */
const echo = createMachine({ id: 'echo', on: { AGAIN: { actions: sendParent(AGAIN) } } })
const echoed = {
  invoke: { src: 'echo', id: 'echo', onError: 'rest' },
  entry: sendTo('echo', AGAIN),
  on: { AGAIN: { actions: sendTo('echo', AGAIN) } },
}

const modes = [
  { mode: 'random', seed: 1 },
  { mode: 'exhaustive' },
  { mode: 'crashPoints', sequences: [[{ do: 'advance', ms: 60 }, { type: 'GO' }]] },
] as const

describe('what never ends is told with what led there, and where', () => {
  test.each([
    [
      'always',
      { rest: { on: { GO: 'a' } }, ...spinning },
      'steps, after the event {"type":"GO"}, in the state rest',
    ],
    [
      'raise',
      { rest: { on: { GO: { actions: raise(AGAIN) }, AGAIN: { actions: raise(AGAIN) } } } },
      /steps, after the event {"type":"(GO|AGAIN)"}, in the state rest/,
    ],
    [
      'always after a delay',
      { rest: { after: { 50: 'a' }, on: { GO: {} } }, ...spinning },
      /steps, after \d+ ms, in the state rest/,
    ],
    [
      'what it sends itself',
      { rest: { on: { GO: 'a' } }, a: answering },
      'themselves or each other “AGAIN” without end, beyond 10000 events, after the event {"type":"GO"}, in the state a',
    ],
    [
      'what it sends itself from its start',
      { rest: { always: 'a', on: { GO: {} } }, a: answering },
      'events, after its start, in the state a',
    ],
    [
      'what it and its child send each other',
      { rest: { on: { GO: 'a' } }, a: echoed },
      'events, after the event {"type":"GO"}, in the state a',
    ],
  ])('%s', async (_, states, says) => {
    for (const mode of modes) {
      const machine = untypedMachine({ id: 'spin', initial: 'rest', states }, { actors: { echo } })
      const thrown = await thrownBy(verifyInterruptions(machine, mode as VerifyOptions))
      expect(thrown).toBeInstanceOf(UnverifiableError)
      expect((thrown as Error).message).toMatch(says)
    }
  })

  test.each(modes)('a promise that is asked again and again and answers at once: $mode', async (mode) => {
    const machine = setup({ actors: { ask: fromPromise(async () => 1) } }).createMachine({
      id: 'spin',
      initial: 'rest',
      states: {
        rest: { on: { GO: 'asking' } },
        asking: { invoke: { src: 'ask', onDone: { target: 'asking', reenter: true } } },
      },
    })
    const options = { ...mode, actors: { ask: { resolves: 1 } } } as VerifyOptions<typeof machine>
    const thrown = await thrownBy(verifyInterruptions(machine, options))
    expect(thrown).toBeInstanceOf(UnverifiableError)
    expect((thrown as Error).message).toContain(
      'it does not come to rest after the event {"type":"GO"}, in the state asking',
    )
  })
})

describe('a machine without events that cannot begin is told as that', () => {
  test.each([
    ['an endless always', { initial: 'a', states: spinning }, 'a transition of it never ends'],
    ['a context that throws', { context: fails }, 'it fails at its start with Error: no such thing'],
  ])('%s', async (_, config, says) => {
    const machine = createMachine({ id: 'still', ...config } as MachineConfig<object, AnyEventObject>)
    for (const mode of ['random', 'exhaustive'] as const) {
      const thrown = await thrownBy(
        verifyInterruptions(defineService({ id: 'still', version: 1, machine }), { mode }),
      )
      expect(thrown).toBeInstanceOf(UnverifiableError)
      expect((thrown as Error).message).toContain(says)
    }
  })
})

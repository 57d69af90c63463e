import type { Step } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { type AnyStateMachine, assign, createMachine, emit, fromPromise, setup } from 'xstate'
import { StoreFullError } from '../../src/errors/store.js'
import { conductorOf } from '../../src/runtime/service.js'
import type { SubjectOptions } from '../../src/testing/options.js'
import { runPlan } from '../../src/testing/plans/difference.js'
import { checkTimely } from '../../src/testing/plans/timely.js'
import { Twins } from '../../src/testing/plans/twins.js'
import { worldOf } from '../../src/testing/subject.js'
import { mortalStore } from '../../src/testing/world/mortal-store.js'
import { OutsideWorld } from '../../src/testing/world/outside.js'
import { interrupt } from '../../src/testing/world/perform.js'
import type { MakeProcess } from '../../src/testing/world/process.js'
import { ServiceProcess } from '../../src/testing/world/service-process.js'
import { World } from '../../src/testing/world/world.js'
import * as broken from './broken-processes.js'
import { gate } from './machines.js'

/** What the kit tells of these steps in that process; undefined: there is no difference. */
async function told(
  machine: AnyStateMachine,
  process: MakeProcess,
  steps: Step[],
  options: SubjectOptions = {},
) {
  const world = { ...worldOf(machine, options), process }
  const { difference } = await runPlan(world, new Twins(world), { steps })
  return difference?.told
}

const sound: MakeProcess = (surroundings) => new ServiceProcess(surroundings)

const RING = { type: 'RING' }
const ring: Step = { do: 'send', event: RING }
const kill: Step = { do: 'kill' }

/** Counts, and tells two things of it. */
const bell = setup({ types: { context: {} as { n: number } } }).createMachine({
  id: 'bell',
  context: { n: 0 },
  on: {
    RING: {
      actions: [
        assign({ n: ({ context }) => context.n + 1 }),
        emit(({ context }) => ({ type: 'rang', n: context.n })),
        emit({ type: 'loud' }),
      ],
    },
  },
})

/** Goes back to where it was. */
const house = createMachine({
  id: 'house',
  initial: 'rooms',
  states: {
    rooms: {
      initial: 'one',
      on: { RING: 'out' },
      states: { one: { on: { GO: 'two' } }, two: {}, last: { type: 'history' } },
    },
    out: { on: { RING: 'rooms.last' } },
  },
})

/** Lives on when its children have ended. */
const parent = setup({
  actors: { good: fromPromise(async () => 'well'), bad: fromPromise(async () => 'well') },
}).createMachine({
  id: 'parent',
  invoke: [
    { src: 'good', id: 'good' },
    { src: 'bad', id: 'bad', onError: { actions: [] } },
  ],
  on: { RING: {} },
})

const ended = createMachine({
  id: 'ended',
  initial: 'on',
  output: () => 'well',
  states: { on: { on: { RING: 'off' } }, off: { type: 'final' } },
})

interface Case {
  readonly machine?: AnyStateMachine
  readonly options?: SubjectOptions
  readonly process: MakeProcess
  readonly steps: Step[]
  readonly difference: string | RegExp
}

const children: SubjectOptions = {
  actors: { good: { resolves: 'well' }, bad: { rejects: new Error('ill') } },
}
const quiet: SubjectOptions = { effects: { rang: 'idempotent', loud: 'idempotent' } }

const CASES: Readonly<Record<string, Case>> = {
  'an event in its inbox that nobody sent': {
    process: broken.bringsBack((process) => broken.waitsFor(process, RING)),
    steps: [kill],
    difference: /^inbox\.0 is .*never sent/,
  },
  'effects in another order': {
    process: broken.tells(broken.swapped),
    steps: [kill, ring],
    difference: /^effects\.exactlyOnce\.0 is "emitted {\\"type\\":\\"loud\\"}"/,
  },
  'an effect too much': {
    process: broken.tells(() => (done) => [done, { ...done, key: `${done.key} again` }]),
    steps: [kill, ring],
    difference: /^effects\.exactlyOnce\.1 is /,
  },
  'an effect too few': {
    process: broken.tells(() => (done) => (done.name === 'loud' ? [] : [done])),
    steps: [kill, ring],
    difference: /^effects\.exactlyOnce\.1 is missing/,
  },
  'one key for two effects': {
    options: quiet,
    process: broken.tells(() => (done) => [{ ...done, key: 'always the same' }]),
    steps: [kill, ring],
    difference: /^broken\.0 is .* have the same key always the same/,
  },
  'a history that is lost': {
    machine: house,
    process: broken.bringsBack(({ snapshot }) => Object.assign(snapshot ?? {}, { historyValue: {} })),
    steps: [{ do: 'send', event: { type: 'GO' } }, ring, kill],
    difference: /^machine\.history\..* is missing/,
  },
  'the output of a child': {
    machine: parent,
    options: children,
    process: broken.bringsBack((process) =>
      Object.assign(broken.childOf(process, 'good'), { output: 'ill' }),
    ),
    steps: [kill],
    difference: /^machine\.children\.\d\.1\.output is "ill", and "well"/,
  },
  'the error of a child': {
    machine: parent,
    options: children,
    process: broken.bringsBack((process) => Object.assign(broken.childOf(process, 'bad'), { error: 'none' })),
    steps: [kill],
    difference: /^machine\.children\.\d\.1\.error is "none"/,
  },
  'the output of a machine': {
    machine: ended,
    process: broken.bringsBack(({ snapshot }) => {
      if (snapshot?.status === 'done') Object.assign(snapshot, { output: 'ill' })
    }),
    steps: [kill, ring],
    difference: 'machine.output is "ill", and "well" without the interruption',
  },
  'the error of a machine': {
    process: broken.bringsBack(({ snapshot }) => Object.assign(snapshot ?? {}, { error: 'ill' })),
    steps: [kill],
    difference: 'machine.error is "ill", and nothing without the interruption',
  },
  'an owner that writes to a store it has lost': {
    process: (surroundings) => new broken.WritesOn(surroundings),
    steps: [{ do: 'secondOwner', event: RING }],
    difference: /^broken\.0 is "a process that had lost the store wrote to it"/,
  },
  'an owner that goes on without its store': {
    process: (surroundings) => new broken.GoesOn(surroundings),
    steps: [{ do: 'secondOwner', event: RING }],
    difference: /^broken\.0 is "a process that had lost the store went on"/,
  },
  'a damaged checkpoint that is passed over': {
    process: (surroundings) => new broken.PassesOver(surroundings),
    steps: [ring, { do: 'storeTears', event: RING }],
    difference: /^broken\.0 is "a damaged checkpoint was taken without a word"/,
  },
  'one hold of two that is never released': {
    process: (surroundings) => new broken.HoldsForEver(surroundings),
    steps: [{ do: 'overlap' }],
    difference: 'lifecycle is "paused", and "running" without the interruption',
  },
  'an event that is lost while it is held': {
    process: (surroundings) => new broken.LosesWhileHeld(surroundings),
    steps: [{ do: 'pauseAndSend', event: RING }],
    difference: /^machine\.context\.n is 0, and 1 /,
  },
  'an event that counts twice when it is sent again': {
    process: (surroundings) => new broken.KnowsNoKeys(surroundings),
    steps: [{ do: 'crash', at: 'after-commit', event: RING }],
    difference: /^machine\.context\.n is 2, and 1 /,
  },
  'a service that forgets everything at its stop': {
    process: (surroundings) => new broken.ForgetsAtStop(surroundings),
    steps: [ring, { do: 'stop' }],
    difference: /^machine\.context\.n is 0, and 1 /,
  },
  'a slow commit that counts as failed': {
    process: broken.inAHurry,
    steps: [{ do: 'storeSlow', event: RING }],
    difference: /^lifecycle is "failed"/,
  },
}

describe('a process that does one thing wrong is caught', () => {
  test.each(Object.entries(CASES))(
    '%s',
    async (_, { machine = bell, options, process, steps, difference }) => {
      expect(await told(machine, sound, steps, options)).toBeUndefined()
      expect(await told(machine, process, steps, options)).toMatch(difference)
    },
  )
})

describe('what is no mistake of the service', () => {
  test('what an owner emits that has lost its store counts for nobody', async () => {
    const early: MakeProcess = (surroundings) => new broken.EmitsAtOnce(surroundings)
    expect(await told(bell, early, [{ do: 'secondOwner', event: RING }])).toBeUndefined()
  })
})

describe('the world of the kit', () => {
  test('what differs without its interruptions too is not accused of them', async () => {
    const [world, other] = [worldOf(gate, {}), worldOf(bell, {})]
    const plan = { steps: [kill] }
    await checkTimely(world, new Twins(world), plan)
    const unlike = checkTimely(world, new Twins(other), plan)
    await expect(unlike).rejects.toThrow('at the beginning: machine.value')
  })

  test('a full disk is refused as a full disk is', async () => {
    const store = mortalStore()
    const claim = await store.claim()
    store.next('full')
    await expect(claim.commit([])).rejects.toBeInstanceOf(StoreFullError)
  })

  test('of two holds that overlap each is released while the other stands', async () => {
    const left: (readonly string[])[] = []
    class Looked extends ServiceProcess {
      override async resume(hold?: string): Promise<void> {
        await super.resume(hold)
        left.push(conductorOf(this.service).standing().holds)
      }
    }
    const world = new World({ ...worldOf(gate, {}), process: (surroundings) => new Looked(surroundings) })
    await world.begin()
    await interrupt(world, { do: 'overlap' })
    expect(left).toEqual([['another'], ['user'], []])
  })

  test('a process that is killed takes its timers with it', async () => {
    const world = new World(worldOf(gate, {}))
    await world.begin()
    let fired = false
    world.process.clock.setTimer(() => {
      fired = true
    }, 5)
    world.kill()
    await world.clock.advance(10, async () => {})
    expect(fired).toBe(false)
  })

  test('effects are seen in the order in which they were done, each once under its key', () => {
    const outside = new OutsideWorld()
    for (const name of ['b', 'a', 'b']) outside.did({ key: name, name, what: name })
    expect(outside.seen.exactlyOnce).toEqual(['b', 'a'])
    expect(outside.conflicts).toEqual([])
  })
})

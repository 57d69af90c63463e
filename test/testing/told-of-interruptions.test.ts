import { defineService } from 'tardigrade'
import { InterruptionBugError, record, verifyInterruptions } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { type AnyActorRef, type AnyStateMachine, assign, fromCallback, fromPromise, setup } from 'xstate'
import { DUE_KINDS, INTERRUPTION_KINDS, type Step } from '../../src/testing/plans/steps.js'
import { worldOf } from '../../src/testing/subject.js'
import { interrupt } from '../../src/testing/world/perform.js'
import { World, type WorldOptions } from '../../src/testing/world/world.js'
import { thrownBy } from './machines.js'

interface Back {
  readonly type: 'BACK'
  readonly interruptions: readonly string[]
  readonly crashed: boolean
}

const told = (machine: AnyStateMachine, version = 1) =>
  defineService({
    id: 'told',
    version,
    machine,
    resumedEvent: 'BACK',
    migrations: version === 1 ? {} : { 1: (snapshot) => snapshot },
  })

/** Keeps all that it was told. */
const keeps = () =>
  setup({
    types: {
      context: {} as { sum: number; told: readonly Omit<Back, 'type'>[] },
      events: {} as Back | { type: 'PAY' },
    },
  }).createMachine({
    id: 'keeps',
    context: { sum: 0, told: [] },
    on: {
      PAY: { actions: assign({ sum: ({ context }) => context.sum + 1 }) },
      BACK: {
        actions: assign({
          told: ({ context, event: { interruptions, crashed } }) => [
            ...context.told,
            // One that is sent without its data throws.
            { interruptions: interruptions.toSorted(), crashed },
          ],
        }),
      },
    },
  })

/** Goes elsewhere as it is told, connects again, and counts by a delay since when. */
const synchronizes = () =>
  setup({
    types: {
      context: {} as { syncs: number; connected: boolean },
      events: {} as Back | { type: 'GO' } | { type: 'HELLO' },
    },
    actors: { sync: fromPromise(async () => 'real'), socket: fromCallback(() => {}) },
    actions: { mail: () => {} },
  }).createMachine({
    id: 'synchronizes',
    context: { syncs: 0, connected: false },
    invoke: { src: 'socket' },
    on: {
      HELLO: { actions: assign({ connected: true }) },
      BACK: { target: '.syncing', actions: assign({ connected: false }) },
    },
    initial: 'idle',
    states: {
      idle: {
        on: { GO: 'syncing' },
        after: { 60000: 'syncing' },
      },
      syncing: {
        invoke: {
          src: 'sync',
          onDone: {
            target: 'idle',
            actions: [assign({ syncs: ({ context }) => context.syncs + 1 }), 'mail'],
          },
        },
      },
    },
  })

/** What the library, or the kit, tells a service of such a step. */
async function toldBy(who: 'library' | 'kit', step: Step) {
  const given = worldOf(told(keeps(), 2), { earlier: told(keeps()) })
  const { standIn, earlier } = given
  const byLibrary: WorldOptions = {
    ...given,
    standIn: {
      ...standIn,
      runs: standIn.definition,
      definition: { ...standIn.definition, resumedEvent: undefined },
    },
    ...(earlier && {
      earlier: {
        ...earlier,
        runs: earlier.definition,
        definition: { ...earlier.definition, resumedEvent: undefined },
      },
    }),
  }
  const world = new World(who === 'kit' ? given : byLibrary, step.do === 'upgrade')
  await world.begin()
  await interrupt(world, step)
  const { context } = world.process.snapshot ?? {}
  world.kill()
  return context?.told
}

const event = { type: 'PAY' }
const steps: readonly Step[] = INTERRUPTION_KINDS.map((kind): Step => {
  if (kind === 'crash') return { do: kind, at: 'before-commit', event }
  if (kind === 'pauseAndSend') return { do: kind, event }
  if ((DUE_KINDS as readonly string[]).includes(kind)) return { do: kind as 'storeFails', event }
  if (kind === 'frozen' || kind === 'clockStands' || kind === 'clockBack') return { do: kind, ms: 5 }
  return { do: kind as 'pause' }
})

describe('a service that asks to be told what has interrupted it', () => {
  test.each(steps.map((step) => [step.do, step] as const))(
    'is told by the kit as by the library: %s',
    async (_, step) => {
      expect(await toldBy('kit', step)).toEqual(await toldBy('library', step))
    },
  )

  test('may keep what it was told, and is sent that event no other way', async () => {
    const { figures } = await verifyInterruptions(told(keeps()), { seed: 1 })
    expect(figures.failed).toEqual({})
    await verifyInterruptions(told(keeps(), 2), { earlier: told(keeps()), seed: 1 })
  })

  test.each(['deadline', 'restart', 'remaining'] as const)(
    'may go elsewhere for it, and wait there: timers of policy %s',
    async (timers) => {
      const machine = synchronizes()
      const service = defineService({ id: 's', version: 1, machine, resumedEvent: 'BACK', timers })
      for (const afterMs of [0, 5]) {
        const actors = {
          sync: { resolves: 'done', afterMs },
          socket: { sends: [{ type: 'HELLO' as const }] },
        }
        await verifyInterruptions(service, { seed: 1, runs: 15, actors })
      }
    },
  )

  test('is tried in the other modes too', async () => {
    const actors = { sync: { resolves: 'done' }, socket: { sends: [{ type: 'HELLO' }] } } as const
    const key = ({ context }: { context: { connected: boolean } }) => context.connected
    const options = { mode: 'exhaustive', actors, key, kinds: ['overlap', 'kill', 'crash'] } as const
    const { figures } = await verifyInterruptions(told(synchronizes()), options)
    expect(figures.neverReached).toEqual(['synchronizes.syncing'])
    const back: Back = { type: 'BACK', interruptions: [], crashed: true }
    await verifyInterruptions(told(keeps()), { mode: 'crashPoints', sequences: [[{ type: 'PAY' }, back]] })
  })

  test('and takes no other event, waits for time alone', async () => {
    const machine = setup({ types: { events: {} as Back } }).createMachine({
      id: 'm',
      context: { told: 0 },
      on: { BACK: { actions: assign({ told: ({ context }) => context.told + 1 }) } },
    })
    expect((await verifyInterruptions(told(machine), { seed: 1 })).figures.kinds.crash).toBeUndefined()
  })

  test('is found where it keeps that beside its context', async () => {
    const counts = new WeakMap<AnyActorRef, number>()
    const forgets = setup({
      types: { context: {} as { told: number }, events: {} as Back | { type: 'PAY' } },
    }).createMachine({
      id: 'forgets',
      context: { told: 0 },
      on: {
        BACK: {
          actions: assign(({ self }) => {
            counts.set(self, (counts.get(self) ?? 0) + 1)
            return { told: counts.get(self) ?? 0 }
          }),
        },
      },
    })
    const bug = await thrownBy(verifyInterruptions(told(forgets), { seed: 1, kinds: ['pause', 'kill'] }))
    expect(bug).toBeInstanceOf(InterruptionBugError)
    const { steps: found, difference, token, message } = bug as InterruptionBugError<Step>
    expect(found.map((step) => step.do)).toEqual(['pause', 'pause'])
    expect(difference).toBe('machine.context.told is 1, and 2 without the interruption')
    expect(message).toContain('you->>service: {"type":"BACK","interruptions":["user"],"crashed":false}')
    const trace = JSON.stringify(await record(told(forgets), token))
    expect(trace).toContain('it is told of its interruption')
  })
})

import { defineService, type MigrationSnapshot, type TaskScope, task } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import {
  type AnyActorRef,
  type AnyStateMachine,
  assign,
  enqueueActions,
  fromCallback,
  fromPromise,
  sendTo,
  setup,
} from 'xstate'
import { internalActor } from '../../src/xstate/internals.js'
import { actorAt } from '../../src/xstate/paths.js'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'

// biome-ignore lint/suspicious/noExplicitAny: the machines are of many kinds, and their types are not the point
type Config = any
const make = (config: Config, implementations: Config = {}): AnyStateMachine =>
  setup(implementations).createMachine(config)
const lifeOf = (machine: AnyStateMachine) => new Life(defineService({ id: 'restored', version: 1, machine }))

describe('another life finds', () => {
  test('typed arrays in a context', async () => {
    const life = lifeOf(
      make({ context: { bytes: new Uint8Array([1, 2]), beside: [new Float64Array([0.5])] } }),
    )
    await life.start()
    const { context } = (await life.restart()).machine.getSnapshot()
    expect(context).toEqual({ bytes: new Uint8Array([1, 2]), beside: [new Float64Array([0.5])] })
  })

  test('typed arrays beside an actor, who takes events again', async () => {
    const kid = make({
      context: { n: 0 },
      on: { ADD: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
    })
    const machine = make(
      {
        context: { seen: undefined },
        entry: assign({
          seen: ({ spawn }: Config) => ({ bytes: new Uint8Array([1, 2]), kid: spawn('kid', { id: 'kid' }) }),
        }),
      },
      { actors: { kid } },
    )
    const life = lifeOf(machine)
    await life.start()
    const { seen } = (await life.restart()).machine.getSnapshot().context as Config
    expect(seen.bytes).toEqual(new Uint8Array([1, 2]))
    seen.kid.send({ type: 'ADD' })
    expect(seen.kid.getSnapshot().context).toEqual({ n: 1 })
  })

  test('the error of a child that has failed', async () => {
    const child = make({
      context: {},
      on: {
        BURST: {
          actions: assign(() => {
            throw new RangeError('it burst')
          }),
        },
      },
    })
    const machine = make(
      {
        initial: 'on',
        invoke: { src: 'child', id: 'child', onError: '.off' },
        states: { on: { on: { GO: { actions: sendTo('child', { type: 'BURST' }) } } }, off: {} },
      },
      { actors: { child } },
    )
    const life = lifeOf(machine)
    await (await life.start()).send({ type: 'GO' })
    const { value, children } = (await life.restart()).machine.getSnapshot()
    expect(value).toBe('off')
    const { status, error } = (children as Record<string, AnyActorRef>).child?.getSnapshot() ?? {}
    expect({ status, error }).toEqual({ status: 'error', error: new RangeError('it burst') })
    expect(life.failures).toEqual([])
  })

  test('an actor that was given to another as its whole input', async () => {
    const told: unknown[] = []
    const child = fromPromise(async ({ input }: Config) => {
      told.push(input.id)
      await new Promise(() => {})
    })
    const life = lifeOf(
      make({ invoke: { src: 'child', id: 'c', input: ({ self }: Config) => self } }, { actors: { child } }),
    )
    await life.start()
    await life.restart()
    expect(told).toEqual(['life', 'life'])
  })

  test('what a logic without `restoreSnapshot` has persisted, whether it works outside or not', async () => {
    const logic = (start?: () => void) => ({
      getInitialSnapshot: () => ({ status: 'active', output: undefined, error: undefined, n: 0 }),
      transition: (snapshot: Config) => ({ ...snapshot, n: snapshot.n + 1 }),
      getPersistedSnapshot: (snapshot: Config) => snapshot,
      ...(start === undefined ? {} : { start }),
    })
    let starts = 0
    const machine = make(
      {
        invoke: [
          { src: 'inside', id: 'inside' },
          { src: 'outside', id: 'outside' },
        ],
        on: { GO: { actions: [sendTo('inside', { type: 'X' }), sendTo('outside', { type: 'X' })] } },
      },
      { actors: { inside: logic(), outside: logic(() => void starts++) } },
    )
    const life = lifeOf(machine)
    await (await life.start()).send({ type: 'GO' })
    const { children } = (await life.restart()).machine.getSnapshot() as Config
    expect([children.inside.getSnapshot().n, children.outside.getSnapshot().n]).toEqual([1, 1])
    expect(starts).toBe(2)
  })

  test('nothing under the id of an actor whose logic XState did not find, and goes on', async () => {
    const machine = make({
      context: { n: 0 },
      on: {
        ADD: {
          actions: [
            enqueueActions(({ enqueue }: Config) => enqueue.spawnChild('nobody', { id: 'nobody' })),
            assign({ n: ({ context }: Config) => context.n + 1 }),
          ],
        },
      },
    })
    const life = lifeOf(machine)
    const service = await life.start()
    await service.send({ type: 'ADD' })
    expect(Object.entries(service.machine.getSnapshot().children)).toEqual([['nobody', undefined]])
    await service.send({ type: 'ADD' })
    await service.pause()
    await service.resume()
    expect((await life.restart()).machine.getSnapshot()).toMatchObject({ context: { n: 2 }, children: {} })
    expect(life.failures).toEqual([])
  })
})

test('logic that is written in place cannot be kept, and the error says where', async () => {
  const spawnIt = assign({
    ref: ({ spawn }: Config) =>
      spawn(
        fromCallback(() => {}),
        { id: 'here' },
      ),
  })
  const life = lifeOf(make({ context: {}, on: { GO: { actions: spawnIt } } }))
  const service = await life.start()
  await expect(service.send({ type: 'GO' })).rejects.toMatchObject({
    code: 'UNCAPTURABLE',
    message: expect.stringMatching(/The actor here .*written in place/),
  })
})

describe('a migration', () => {
  const migrated = async (
    before: AnyStateMachine,
    after: AnyStateMachine,
    migrate: (snapshot: MigrationSnapshot) => MigrationSnapshot,
  ) => {
    const first = new Life(defineService({ id: 'moved', version: 1, machine: before }))
    await first.start()
    await settle()
    first.kill()
    const definition = defineService({ id: 'moved', version: 2, machine: after, migrations: { 1: migrate } })
    const next = new Life(definition)
    Object.assign(next, { store: first.store })
    return next.start()
  }

  test('may bring actors: a task among them has keys that are its service’s alone', async () => {
    const keys: string[] = []
    const work = task(async ({ key, step }: TaskScope) => {
      keys.push(key('mail'))
      await step('send', () => 1)
    })
    const service = await migrated(
      make({ id: 'm' }),
      make({ id: 'm', invoke: { src: 'work', id: 'work' } }, { actors: { work } }),
      (snapshot) => ({
        ...snapshot,
        children: [
          {
            id: 'work',
            src: 'work',
            snapshot: { status: 'active', input: undefined, steps: [] },
            children: [],
          },
        ],
      }),
    )
    await service.settled()
    expect(keys).toEqual([expect.stringMatching(/^moved\/life\/.+mail$/)])
  })

  test('may take actors away: who still refers to one has one that has ended', async () => {
    const kid = make({})
    const before = make(
      {
        id: 'm',
        context: { kid: undefined },
        entry: assign({ kid: ({ spawn }: Config) => spawn('kid', { id: 'kid' }) }),
      },
      { actors: { kid } },
    )
    const service = await migrated(before, make({ id: 'm', context: {} }), (snapshot) => ({
      ...snapshot,
      children: [],
    }))
    const { kid: ended } = service.machine.getSnapshot().context as { kid: AnyActorRef }
    expect(ended.id).toBe('kid')
    expect(ended.getSnapshot().status).toBe('stopped')
  })
})

test('no actor is found below one that is not there', () => {
  const snapshot = { machine: {}, _nodes: [], children: {} }
  const root = internalActor({ id: 'root', getSnapshot: () => snapshot } as unknown as AnyActorRef)
  expect(actorAt(root, ['gone', 'further'])).toBeUndefined()
  expect(actorAt(root, [])).toBe(root)
})

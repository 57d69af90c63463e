import { defineService } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import {
  type AnyStateMachine,
  assign,
  fromTransition,
  raise,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from 'xstate'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'

// biome-ignore lint/suspicious/noExplicitAny: ids and what they name come in every shape
type Config = any
const make = (config: Config, implementations: Config = {}): AnyStateMachine =>
  setup(implementations).createMachine(config)
const lifeOf = (machine: AnyStateMachine) => new Life(defineService({ id: 'ids', version: 1, machine }))

const kid = make({
  context: { n: 0 },
  on: { ADD: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
})

const RESERVED = ['__proto__', 'constructor', 'prototype', '']

describe.each(RESERVED)('an actor under the id “%s”', (id) => {
  const refusal = {
    code: 'UNCAPTURABLE',
    service: 'ids',
    key: 'life',
    path: `The actor ${id}`,
    remedy: 'Choose another id.',
  }

  const spawners: readonly [string, Config][] = [
    ['by assign', assign({ kid: ({ spawn }: Config) => spawn('kid', { id }) })],
    ['by spawnChild, with an id that is computed', spawnChild('kid', { id: () => id })],
  ]
  test.each(spawners)('is refused when it is spawned %s', async (_, action) => {
    const life = lifeOf(
      make({ context: { kid: null }, on: { SPAWN: { actions: action } } }, { actors: { kid } }),
    )
    const service = await life.start()
    await expect(service.send({ type: 'SPAWN' })).rejects.toMatchObject(refusal)
    expect(life.failures).toMatchObject([refusal])
    // What was there before is what it goes on from, and the refusal outlives the process, once it is noted.
    await settle()
    const again = await life.restart()
    expect(again.getSnapshot().context.failure).toMatchObject({ failure: { name: 'UncapturableError' } })
    await again.retry()
    expect(again.machine.getSnapshot()).toMatchObject({ context: { kid: null }, children: {} })
  })

  test('is refused when a first context spawns it', async () => {
    const machine = make(
      { context: ({ spawn }: Config) => ({ kid: spawn('kid', { id }) }) },
      { actors: { kid } },
    )
    const life = lifeOf(machine)
    const service = await life.start()
    expect(service.getSnapshot()).toMatchObject({ value: 'failed', context: { failure: refusal } })
  })

  test('is refused below a child, which is named', async () => {
    const parent = make(
      { on: { SPAWN: { actions: spawnChild('kid', { id: () => id }) } } },
      { actors: { kid } },
    )
    const machine = make(
      {
        invoke: { src: 'parent', id: 'parent' },
        on: { SPAWN: { actions: sendTo('parent', { type: 'SPAWN' }) } },
      },
      { actors: { parent } },
    )
    const life = lifeOf(machine)
    const service = await life.start()
    await expect(service.send({ type: 'SPAWN' })).rejects.toMatchObject({
      ...refusal,
      path: `The actor parent/${id}`,
    })
  })
})

describe('what is refused, the machine may see to', () => {
  test('a parent that handles its child’s error goes on', async () => {
    const child = make({ entry: spawnChild('kid', { id: () => '__proto__' }) }, { actors: { kid } })
    const machine = make(
      { initial: 'a', states: { a: { invoke: { src: 'child', id: 'c', onError: 'b' } }, b: {} } },
      { actors: { child } },
    )
    const service = await lifeOf(machine).start()
    expect(service.getSnapshot().value).toBe('running')
    expect(service.machine.getSnapshot().value).toBe('b')
  })
})

// Every plain object answers to these, and none of them leads to a prototype.
describe.each(['toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', '__lookupSetter__'])(
  'an actor under the id “%s”',
  (id) => {
    const family = make(
      {
        context: ({ spawn }: Config) => ({ kid: spawn('kid', { id, systemId: id }) }),
        on: {
          ADD: { actions: sendTo(id, { type: 'ADD' }) },
          LATER: { actions: sendTo(id, { type: 'ADD' }, { delay: 50, id }) },
          STOP: { actions: [stopChild(id), raise({ type: 'STOPPED' })] },
          TALLY: { actions: sendTo(({ context }: Config) => context.kid, { type: 'ADD' }) },
        },
        invoke: { src: 'tally', id: `${id} too` },
      },
      { actors: { kid, tally: fromTransition((n: number) => n + 1, 0) } },
    )

    test('lives through a kill, with its timers, its system id and references to it', async () => {
      const life = lifeOf(family)
      const first = await life.start()
      await first.send({ type: 'ADD' })
      await first.send({ type: 'LATER' })
      const service = await life.restart()
      const { children, context } = service.machine.getSnapshot() as Config
      expect(Object.keys(children).sort()).toEqual([id, `${id} too`].sort())
      expect(context.kid).toBe(children[id])
      expect(children[id].system.get(id)).toBe(children[id])
      expect(children[id].getSnapshot().context).toEqual({ n: 1 })
      await life.clock.advance(50)
      expect(children[id].getSnapshot().context).toEqual({ n: 2 })
      await service.send({ type: 'TALLY' })
      expect(children[id].getSnapshot().context).toEqual({ n: 3 })
    })

    test('can be stopped, and stays so', async () => {
      const life = lifeOf(family)
      await (await life.start()).send({ type: 'STOP' })
      const { children, context } = (await life.restart()).machine.getSnapshot() as Config
      expect(Object.keys(children)).toEqual([`${id} too`])
      expect(context.kid.getSnapshot().status).toBe('stopped')
    })
  },
)

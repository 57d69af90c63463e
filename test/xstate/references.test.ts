import { defineService } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import {
  type AnyActorRef,
  type AnyStateMachine,
  assign,
  createActor,
  fromPromise,
  fromTransition,
  raise,
  sendParent,
  sendTo,
  setup,
  stopChild,
} from 'xstate'
import { createTreeCodec } from '../../src/xstate/codec.js'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'

// biome-ignore lint/suspicious/noExplicitAny: references stand in data of every shape
type Config = any
const make = (config: Config, implementations: Config = {}): AnyStateMachine =>
  setup(implementations).createMachine(config)
const lifeOf = (machine: AnyStateMachine) =>
  new Life(defineService({ id: 'references', version: 1, machine }))

const kid = make(
  {
    context: ({ input, self, spawn }: Config) => ({
      parent: input?.parent,
      self,
      own: spawn('leaf', { id: 'leaf' }),
      told: [],
    }),
    on: { TELL: { actions: assign({ told: ({ context, event }: Config) => [...context.told, event.ref] }) } },
  },
  { actors: { leaf: fromTransition((n: number) => n + 1, 0) } },
)

const family = () =>
  make(
    {
      context: ({ self, spawn }: Config) => {
        const a = spawn('kid', { id: 'a', input: { parent: self } })
        const b = spawn('kid', { id: 'b', input: { parent: self } })
        return {
          self,
          list: [a, b],
          map: new Map<unknown, unknown>([
            ['a', a],
            [b, 'b as a key'],
            ['nested', new Map([['set', new Set([a, self])]])],
          ]),
          set: new Set([b]),
          deep: { deeper: [{ a }] },
          n: 0,
        }
      },
      on: {
        // Each of the two learns of the other.
        MEET: {
          actions: [
            sendTo('a', ({ context }: Config) => ({ type: 'TELL', ref: context.list[1] })),
            sendTo('b', ({ context }: Config) => ({ type: 'TELL', ref: context.list[0] })),
          ],
        },
        LATER: {
          actions: sendTo('a', ({ context }: Config) => ({ type: 'TELL', ref: context.list[1] }), {
            delay: 50,
            id: 'later',
          }),
        },
        RAISE: {
          actions: raise(({ context }: Config) => ({ type: 'RAISED', ref: context.list[0] }), {
            delay: 50,
            id: 'raise',
          }),
        },
        RAISED: { actions: assign({ heard: ({ event }: Config) => event.ref }) },
        STOP: { actions: stopChild('b') },
      },
    },
    { actors: { kid } },
  )

const contextOf = (actor: AnyActorRef) => actor.getSnapshot().context as Config

describe('references to living actors are the living actors again', () => {
  test('in context, arrays, Maps (keys too), Sets and deep inside; to itself, its children and its parent', async () => {
    const life = lifeOf(family())
    await (await life.start()).send({ type: 'MEET' })
    const { context, children } = (await life.restart()).machine.getSnapshot() as Config
    const { a, b } = children
    const self = contextOf(a).parent
    expect(self.getSnapshot().children.a).toBe(a)
    expect(context.self).toBe(self)
    expect(context.list).toEqual([a, b])
    expect(context.list[0]).toBe(a)
    expect(context.map.get('a')).toBe(a)
    expect(context.map.get(b)).toBe('b as a key')
    expect([...context.map.get('nested').get('set')]).toEqual([a, self])
    expect(context.set.has(b)).toBe(true)
    expect(context.deep.deeper[0].a).toBe(a)
    expect([contextOf(a).self, contextOf(a).parent]).toEqual([a, self])
    expect(contextOf(a).own).toBe(a.getSnapshot().children.leaf)
    // The siblings, which each was told of in an event.
    expect(contextOf(a).told[0]).toBe(b)
    expect(contextOf(b).told[0]).toBe(a)
  })

  test('they take events', async () => {
    const life = lifeOf(family())
    await life.start()
    const service = await life.restart()
    const { a } = service.machine.getSnapshot().children
    contextOf(a as AnyActorRef).own.send({ type: 'ADD' })
    await service.settled()
    const again = await life.restart()
    const leaf = contextOf(again.machine.getSnapshot().children.a as AnyActorRef).own
    expect(leaf.getSnapshot().context).toBe(1)
  })

  test('in events of timers', async () => {
    const life = lifeOf(family())
    let service = await life.start()
    await service.send({ type: 'LATER' })
    await service.send({ type: 'RAISE' })
    service = await life.restart()
    await life.clock.advance(50)
    const { context, children } = service.machine.getSnapshot() as Config
    expect(contextOf(children.a).told[0]).toBe(children.b)
    expect(context.heard).toBe(children.a)
  })

  test('in events of the inbox', async () => {
    const life = lifeOf(family())
    let service = await life.start()
    const { b } = service.machine.getSnapshot().children
    // It arrives while the checkpoint is on its way, so it waits in the inbox.
    const paused = service.pause()
    await service.send({ type: 'RAISED', ref: b } as never)
    await paused
    expect(service.machine.getSnapshot().context.heard).toBeUndefined()
    service = await life.restart()
    // At rest, another event is written beside it.
    await service.send({ type: 'OTHER' })
    await service.resume()
    const { context, children } = service.machine.getSnapshot() as Config
    expect(context.heard).toBe(children.b)
  })

  test('in the parameters, event and context of an owed action', async () => {
    const seen: Config[] = []
    let fails = true
    const machine = make(
      {
        context: ({ spawn }: Config) => ({ kid: spawn('kid', { id: 'a' }) }),
        on: {
          GO: {
            actions: [
              { type: 'act', params: ({ context }: Config) => ({ list: [context.kid] }) },
              assign({ kid: undefined }),
            ],
          },
        },
      },
      {
        actors: { kid },
        actions: {
          act: ({ context, event }: Config, params: unknown) => {
            if (fails) throw new Error('boom')
            seen.push({ context, event, params })
          },
        },
      },
    )
    const life = lifeOf(machine)
    const service = await life.start()
    const { a } = service.machine.getSnapshot().children
    await service.send({ type: 'GO', of: a } as never).catch(() => {})
    fails = false
    await service.retry()
    await service.settled()
    const again = service.machine.getSnapshot().children.a
    expect(seen).toHaveLength(1)
    expect(seen[0].context.kid).toBe(again)
    expect(seen[0].event.of).toBe(again)
    expect(seen[0].params.list[0]).toBe(again)
  })

  test('in what a promise resolved to and a child gave out', async () => {
    const child = make({
      context: ({ self }: Config) => ({ self }),
      initial: 'end',
      states: { end: { type: 'final' } },
      output: ({ self }: Config) => new Set([self]),
    })
    const machine = make(
      {
        invoke: {
          src: 'child',
          id: 'c',
          onDone: { actions: assign({ out: ({ event }: Config) => event.output }) },
        },
        context: {},
      },
      { actors: { child, p: fromPromise(async () => 1) } },
    )
    const life = lifeOf(machine)
    await life.start()
    const { context, children } = (await life.restart()).machine.getSnapshot() as Config
    expect([...context.out]).toEqual([children.c])
    expect([...children.c.getSnapshot().output][0]).toBe(children.c)
  })
})

describe('references to ended actors', () => {
  test('keep id and last snapshot, take no events, and are the same where they were the same', async () => {
    const life = lifeOf(family())
    let service = await life.start()
    await service.send({ type: 'MEET' })
    await service.send({ type: 'STOP' })
    for (let round = 0; round < 3; round++) {
      service = await life.restart()
      const { context, children } = service.machine.getSnapshot() as Config
      expect(Object.keys(children)).toEqual(['a'])
      const ended = context.list[1]
      expect(ended.id).toBe('b')
      expect(ended.getSnapshot()).toMatchObject({ status: 'stopped', context: { told: [expect.anything()] } })
      expect(context.set.has(ended)).toBe(true)
      expect(context.map.get(ended)).toBe('b as a key')
      expect(contextOf(children.a).told[0]).toBe(ended)
    }
    expect(life.failures).toEqual([])
  })

  test('are the same when the checkpoint is written again while the service rests', async () => {
    const life = lifeOf(family())
    const service = await life.start()
    await service.send({ type: 'MEET' })
    await service.send({ type: 'STOP' })
    await service.pause()
    await service.send({ type: 'WAITS' })
    const again = await life.restart()
    await again.resume()
    const { list, set } = again.machine.getSnapshot().context as Config
    expect(list[1].id).toBe('b')
    expect(list[1].getSnapshot()).toMatchObject({ status: 'stopped', context: { told: [expect.anything()] } })
    expect(set.has(list[1])).toBe(true)
    expect(life.failures).toEqual([])
  })

  test('a successor under the same id is another', async () => {
    const machine = make(
      {
        context: { refs: [] },
        on: {
          SPAWN: {
            actions: assign({
              refs: ({ context, spawn }: Config) => [...context.refs, spawn('kid', { id: 'k' })],
            }),
          },
          STOP: { actions: stopChild('k') },
        },
      },
      { actors: { kid } },
    )
    const life = lifeOf(machine)
    let service = await life.start()
    for (const type of ['SPAWN', 'STOP', 'SPAWN']) await service.send({ type })
    service = await life.restart()
    const { context, children } = service.machine.getSnapshot() as Config
    expect(context.refs[1]).toBe(children.k)
    expect(context.refs[0]).not.toBe(children.k)
    expect(context.refs[0].getSnapshot().status).toBe('stopped')
  })
})

describe('what is no reference', () => {
  test('data shaped like one stays data', async () => {
    const shapes = {
      xstate: { xstate$$type: 1, id: 'a' },
      ours: { path: ['a'] },
      ended: { path: ['a'], ended: { id: 'a', snapshot: '' } },
      ref: { sessionId: 'x:0', send: 'text', ref: true },
      annotated: { json: 1, meta: { values: { x: [['custom', 'actor']] } } },
    }
    const machine = make(
      { context: ({ spawn }: Config) => ({ ...structuredClone(shapes), kid: spawn('kid', { id: 'a' }) }) },
      { actors: { kid } },
    )
    const life = lifeOf(machine)
    await life.start()
    const { kid: _, ...rest } = (await life.restart()).machine.getSnapshot().context as Config
    expect(rest).toEqual(shapes)
  })

  test.each([
    {},
    5,
    null,
    { path: 'k' },
    { path: [5] },
    { path: ['k'], ended: {} },
    { path: ['k'], ended: { id: 'k', snapshot: 5 } },
    { ended: { id: 'k', snapshot: '' } },
  ])('an annotation of another shape is refused: %j', (json) => {
    const definition = defineService({ id: 'references', version: 1, machine: make({}) })
    const text = JSON.stringify({ json, meta: { v: 1, values: [['custom', 'actor']] } })
    expect(() => createTreeCodec(definition).decode(text)).toThrow(
      expect.objectContaining({
        code: 'UNDECODABLE',
        cause: expect.objectContaining({ reason: 'an annotated actor is no reference to one' }),
      }),
    )
  })

  describe('an actor of another system is refused, with its place and the remedy', () => {
    const remedy = 'Keep the key of that service, and ask the supervisor for it.'
    const foreign = createActor(make({}), { id: 'stranger' }).start()
    const keeper = () => make({ context: {}, on: { KEEP: { actions: assign(() => ({ deep: [foreign] })) } } })

    test('in the context', async () => {
      const life = lifeOf(keeper())
      const service = await life.start()
      const refusal = {
        code: 'UNENCODABLE',
        service: 'references',
        key: 'life',
        path: ['root', 'snapshot', 'context', 'deep', 0],
        remedy,
        message: expect.stringContaining('root.snapshot.context.deep.0: The reference to actor stranger'),
        cause: expect.objectContaining({ code: 'UNCAPTURABLE' }),
      }
      await expect(service.send({ type: 'KEEP' })).rejects.toMatchObject(refusal)
      expect(life.failures).toMatchObject([refusal])
      // The refusal is noted, so that it is known in the next process too.
      await settle()
      const { failure } = (await life.restart()).getSnapshot().context
      expect(failure?.message).toContain('root.snapshot.context.deep.0')
    })

    test('in the context of a child', async () => {
      const machine = make(
        {
          invoke: { src: 'keeper', id: 'child' },
          on: { KEEP: { actions: sendTo('child', ({ event }: Config) => event) } },
        },
        { actors: { keeper: keeper() } },
      )
      const service = await lifeOf(machine).start()
      await expect(service.send({ type: 'KEEP' })).rejects.toMatchObject({
        path: ['root', 'children', 0, 'snapshot', 'context', 'deep', 0],
        remedy,
      })
    })

    test('in an event that waits in the inbox', async () => {
      const service = await lifeOf(keeper()).start()
      await service.pause()
      await expect(service.send({ type: 'KEEP', ref: foreign })).rejects.toMatchObject({
        path: ['event', 'ref'],
        remedy,
      })
      await service.resume()
      expect(service.machine.getSnapshot().context).toEqual({})
    })

    test('in a snapshot that an ended actor leaves behind', async () => {
      const machine = make(
        {
          context: ({ spawn }: Config) => ({ kid: spawn('keeper', { id: 'k' }) }),
          on: {
            KEEP: { actions: [sendTo('k', ({ event }: Config) => event), stopChild('k')] },
          },
        },
        { actors: { keeper: keeper() } },
      )
      const service = await lifeOf(machine).start()
      await expect(service.send({ type: 'KEEP' })).rejects.toMatchObject({
        path: ['root', 'snapshot', 'context', 'kid', 'context', 'deep', 0],
        remedy,
      })
    })
  })
})

describe('what no checkpoint could be read back with is refused when it is taken', () => {
  test.each(['', 'constructor', 'prototype'])('a child spawned under the id “%s”', async (id) => {
    const machine = make(
      {
        context: {},
        on: { SPAWN: { actions: assign({ kid: ({ spawn }: Config) => spawn('kid', { id }) }) } },
      },
      { actors: { kid } },
    )
    const life = lifeOf(machine)
    const service = await life.start()
    await expect(service.send({ type: 'SPAWN' })).rejects.toMatchObject({ code: 'UNCAPTURABLE' })
    // What was there before is what it goes on from.
    await service.retry()
    expect(service.getSnapshot().value).toBe('running')
    expect((await life.restart()).getSnapshot().value).toBe('running')
  })

  test('a child of such an id that did something, and is gone again', async () => {
    const loud = make({ entry: 'act' }, { actions: { act: () => {} } })
    const machine = make(
      {
        context: {},
        on: {
          GO: {
            actions: [
              assign({ kid: ({ spawn }: Config) => spawn('loud', { id: 'constructor' }) }),
              raise({ type: 'STOP' }),
            ],
          },
          STOP: { actions: [stopChild(({ context }: Config) => context.kid), assign({ kid: undefined })] },
        },
      },
      { actors: { loud } },
    )
    const life = lifeOf(machine)
    const service = await life.start()
    await service.send({ type: 'GO' }).catch(() => {})
    await service.retry()
    // Whatever was taken can be read.
    expect((await life.restart()).getSnapshot().value).toBe('running')
  })

  test('a message to the parent on its way is no obstacle', async () => {
    const child = make({ entry: sendParent({ type: 'HI' }, { delay: 5, id: 'hi' }) })
    const machine = make(
      { context: { n: 0 }, invoke: { src: 'child', id: 'c' }, on: { HI: { actions: assign({ n: 1 }) } } },
      { actors: { child } },
    )
    const life = lifeOf(machine)
    await life.start()
    const service = await life.restart()
    await life.clock.advance(5)
    expect(service.machine.getSnapshot().context.n).toBe(1)
  })
})

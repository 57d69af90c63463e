import { defineService } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { type AnyActorRef, assign, createActor, setup } from 'xstate'
import { Life } from '../kit/kill.js'

const define = <T extends Parameters<typeof defineService>[0]['machine']>(machine: T) =>
  defineService({ id: 'case', version: 1, machine })

const viaJson = (value: unknown) => JSON.parse(JSON.stringify(value))

/** A machine that holds the given context, and can put something into its Map. */
function holding<TContext extends object>(context: TContext) {
  return setup({ types: { context: {} as TContext, events: {} as { type: 'NOP' } } }).createMachine({
    context: context as never,
    on: { NOP: {} },
  })
}

async function revived<TContext extends object>(context: TContext): Promise<TContext> {
  const life = new Life(define(holding(context)))
  await life.start()
  return (await life.restart()).machine.getSnapshot().context as TContext
}

describe('13: a Map stays a Map', () => {
  const machine = setup({
    types: { context: {} as { stock: Map<string, number> }, events: {} as { type: 'PUT' } },
  }).createMachine({
    context: { stock: new Map() },
    on: { PUT: { actions: assign({ stock: ({ context }) => new Map(context.stock.set('apple', 1)) }) } },
  })

  test('plain XState through JSON kills the actor at the next event', () => {
    const snapshot = viaJson(createActor(machine).start().getPersistedSnapshot())
    const actor = createActor(machine, { snapshot })
    actor.subscribe({ error: () => {} })
    actor.start().send({ type: 'PUT' })
    expect(actor.getSnapshot().status).toBe('error')
  })

  test('a service keeps it', async () => {
    const life = new Life(define(machine))
    await life.start()
    const again = await life.restart()
    await again.send({ type: 'PUT' })
    expect(again.machine.getSnapshot().context.stock).toEqual(new Map([['apple', 1]]))
  })
})

describe('14: a reference inside a Map lives', () => {
  const child = setup({}).createMachine({ initial: 'a', states: { a: { on: { GO: 'b' } }, b: {} } })
  const machine = setup({
    actors: { child },
    types: {
      context: {} as { kids: Map<string, AnyActorRef>; all: Set<unknown>; self: AnyActorRef | undefined },
    },
  }).createMachine({
    context: ({ spawn, self }) => {
      const kid = spawn('child', { id: 'kid' })
      return { kids: new Map([['k', kid]]), all: new Set([kid]), self }
    },
  })

  test('plain XState leaves it dead', () => {
    const snapshot = createActor(machine).start().getPersistedSnapshot()
    const actor = createActor(machine, { snapshot: structuredClone(viaJson(snapshot)) }).start()
    expect(() => actor.getSnapshot().context.kids.get('k')).toThrow()
  })

  test('a service revives it, in Maps and Sets, and to itself', async () => {
    const life = new Life(define(machine))
    await life.start()
    const again = await life.restart()
    const { context, children } = again.machine.getSnapshot()
    expect(context.kids.get('k')).toBe(children.kid)
    expect([...context.all]).toEqual([children.kid])
    expect(context.self?.getSnapshot()).toBe(again.machine.getSnapshot())
    context.kids.get('k')?.send({ type: 'GO' })
    expect(children.kid?.getSnapshot().value).toBe('b')
  })
})

describe('15: what was one object stays one', () => {
  const shared = { n: 1 }

  test('plain XState through JSON makes two', () => {
    const machine = holding({ a: shared, b: shared })
    const snapshot = viaJson(createActor(machine).start().getPersistedSnapshot())
    const { a, b } = createActor(machine, { snapshot }).getSnapshot().context
    expect(a).not.toBe(b)
  })

  test('a service keeps it one', async () => {
    const { a, b } = await revived({ a: shared, b: shared })
    expect(a).toEqual({ n: 1 })
    expect(a).toBe(b)
  })
})

describe('16: an Error stays an Error', () => {
  const make = () => Object.assign(new TypeError('no', { cause: new Error('why') }), { code: 'E_NO' })

  test('plain XState through JSON makes it {}', () => {
    expect(
      viaJson(
        createActor(holding({ error: make() }))
          .start()
          .getPersistedSnapshot(),
      ).context.error,
    ).toEqual({
      code: 'E_NO',
    })
  })

  test('a service keeps it', async () => {
    const { error } = await revived({ error: make() })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'TypeError', message: 'no', code: 'E_NO' })
    expect(error.cause).toMatchObject({ message: 'why' })
  })
})

describe('17: a checkpoint is no window to the live context', () => {
  test('plain XState hands out the context itself', () => {
    const list = [1]
    const actor = createActor(holding({ list })).start()
    const stored = actor.getPersistedSnapshot() as unknown as { context: { list: number[] } }
    list.push(2)
    expect(stored.context.list).toEqual([1, 2])
  })

  test('a service has written it down', async () => {
    const list = [1]
    const life = new Life(define(holding({ list })))
    await life.start()
    list.push(2)
    expect((await life.restart()).machine.getSnapshot().context.list).toEqual([1])
  })
})

describe('18: a checkpoint is not changed by reviving it', () => {
  const child = setup({}).createMachine({})
  const machine = setup({ actors: { child }, types: { context: {} as { kid: AnyActorRef } } }).createMachine({
    context: ({ spawn }) => ({ kid: spawn('child', { id: 'kid' }) }),
  })

  test('plain XState puts live actors into it', () => {
    const stored = viaJson(createActor(machine).start().getPersistedSnapshot())
    const before = structuredClone(stored)
    createActor(machine, { snapshot: stored })
    expect(Object.keys(stored.context.kid)).not.toEqual(Object.keys(before.context.kid))
  })

  test('a service leaves it as it was', async () => {
    const life = new Life(define(machine))
    await life.start()
    const reader = await life.store.read()
    const before = await reader.load('life')
    const one = await life.restart()
    const two = await life.restart()
    expect(await reader.load('life')).toEqual(before)
    expect(one.machine.getSnapshot().context.kid).not.toBe(two.machine.getSnapshot().context.kid)
  })
})

describe('19: data that looks like a reference is data', () => {
  const lookalikes = () => ({
    ref: { xstate$$type: 1, id: 'kid' },
    actor: { sessionId: 'x:1', send: 'later', ref: 7 },
    codec: { json: [1], meta: { values: { '0': ['Date'] } } },
  })

  test('plain XState takes it for one', () => {
    const machine = holding(lookalikes())
    const snapshot = viaJson(createActor(machine).start().getPersistedSnapshot())
    const { ref } = createActor(machine, { snapshot }).getSnapshot().context
    expect(ref).not.toEqual(lookalikes().ref)
  })

  test('a service keeps it', async () => {
    expect(await revived(lookalikes())).toEqual(lookalikes())
  })
})

describe('20: a context may hold itself', () => {
  interface Ring {
    name: string
    self?: Ring
  }
  const ring = (): Ring => {
    const made: Ring = { name: 'ring' }
    made.self = made
    return made
  }

  test('plain XState overflows the stack', () => {
    const actor = createActor(holding({ ring: ring() })).start()
    expect(() => actor.getPersistedSnapshot()).toThrow(RangeError)
  })

  test('a service keeps it', async () => {
    const { ring: kept } = await revived({ ring: ring() })
    expect(kept.name).toBe('ring')
    expect(kept.self).toBe(kept)
  })
})

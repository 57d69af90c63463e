import { describe, expect, test } from 'vitest'
import { type AnyActorRef, createActor, emit, setup } from 'xstate'
import { executeThrough, forgetAtEnd } from '../../src/xstate/executor.js'
import { type ExecutableAction, internalActor } from '../../src/xstate/internals.js'

const machine = setup({
  types: { emitted: {} as { type: 'WENT' }, events: {} as { type: 'GO' } },
  actions: { note: () => {} },
}).createMachine({
  id: 'm',
  initial: 'a',
  states: { a: { on: { GO: { target: 'b', actions: ['note', emit({ type: 'WENT' })] } } }, b: {} },
})

const scopeOf = (actor: AnyActorRef) => internalActor(actor)._actorScope

/** All that can be read of an object but what everything has. */
function readable(object: object): string[] {
  const inherited = Object.getOwnPropertyNames(Object.getPrototypeOf(object))
  return [...Object.keys(object), ...inherited].filter((name) => !(name in {}))
}

describe('the scope whose executor stays', () => {
  test('has everything that XState’s own has', () => {
    const plain = createActor(machine)
    const own = createActor(machine)
    const before = { ...scopeOf(own) }
    const scope = executeThrough(internalActor(own), () => {})
    expect(
      readable(scope)
        .filter((name) => name !== 'execute')
        .sort(),
    ).toEqual(readable(scopeOf(plain)).sort())
    expect({ ...scope, execute: undefined }).toEqual({
      ...before,
      actionExecutor: undefined,
      execute: undefined,
    })
  })

  test('keeps its executor whatever XState assigns, and that one knows no actor', () => {
    const one = executeThrough(internalActor(createActor(machine)), () => {})
    const other = executeThrough(internalActor(createActor(machine)), () => {})
    const { actionExecutor } = one
    one.actionExecutor = () => {}
    expect(one.actionExecutor).toBe(actionExecutor)
    expect(other.actionExecutor).toBe(actionExecutor)
  })

  test('has the actions of each actor go through its own function', () => {
    const told: [string, string][] = []
    for (const id of ['one', 'other']) {
      const actor = createActor(machine, { id })
      executeThrough(internalActor(actor), ({ type }: ExecutableAction) => told.push([id, type]))
      actor.start()
      actor.send({ type: 'GO' })
    }
    expect(told).toEqual([
      ['one', 'note'],
      ['one', 'xstate.emit'],
      ['other', 'note'],
      ['other', 'xstate.emit'],
    ])
  })

  test('lets an actor work as before where it is only to be forgotten', () => {
    const actor = createActor(machine)
    forgetAtEnd(actor)
    const heard: string[] = []
    actor.on('*', ({ type }) => heard.push(type))
    actor.start()
    actor.send({ type: 'GO' })
    expect(heard).toEqual(['WENT'])
    expect(actor.getSnapshot().value).toBe('b')
  })
})

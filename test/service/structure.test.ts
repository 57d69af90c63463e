import { defineService } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { type AnyStateMachine, assign, fromCallback, fromPromise, setup, spawnChild } from 'xstate'
import { structureHash } from '../../src/service/structure.js'

const promise = fromPromise(async () => 1)

/** A config with one of everything, to be changed in one place at a time. */
// biome-ignore lint/suspicious/noExplicitAny: configs are changed freely here
type Config = any

const base = (): { config: Config; implementations: Config } => ({
  config: {
    id: 'm',
    initial: 'a',
    context: { n: 0 },
    states: {
      a: { on: { GO: 'b' }, after: { 100: 'b', nap: 'b' }, invoke: { src: 'work', id: 'w' } },
      b: { type: 'parallel', states: { l: { initial: 'x', states: { x: {}, y: {} } }, r: {} } },
      h: { type: 'history', target: 'a' },
      end: { type: 'final' },
    },
  },
  implementations: {
    actors: {
      work: promise,
      kid: setup({}).createMachine({ id: 'kid', initial: 'k', states: { k: {}, j: {} } }),
    },
    delays: { nap: 10 },
    actions: { tell: () => {} },
    guards: { yes: () => true },
  },
})

function hashWith(change: (parts: ReturnType<typeof base>) => void = () => {}): string {
  const parts = base()
  change(parts)
  return structureHash(setup(parts.implementations).createMachine(parts.config) as AnyStateMachine)
}

const kidWith = (config: Config) => setup({}).createMachine({ id: 'kid', initial: 'k', ...config })

const put = (holder: Config, name: string, value: unknown) => Object.assign(holder, { [name]: value })

function rename(holder: Config, from: string, to: string): void {
  put(holder, to, holder[from])
  delete holder[from]
}

describe('the structure hash', () => {
  test('is the same for the same machine, made twice', () => {
    expect(hashWith()).toBe(hashWith())
    expect(hashWith()).toMatch(/^[0-9a-f]{8}$/)
  })

  test.each<[string, (parts: ReturnType<typeof base>) => void]>([
    ['a state more', ({ config }) => Object.assign(config.states, { c: {} })],
    ['a state less', ({ config }) => delete config.states.end],
    ['a state renamed', ({ config }) => rename(config.states, 'end', 'fin')],
    [
      'a state that became compound',
      ({ config }) => put(config.states, 'end', { initial: 'e', states: { e: {} } }),
    ],
    ['a state that became final', ({ config }) => put(config.states.b.states, 'r', { type: 'final' })],
    [
      'a parallel state that became compound',
      ({ config }) => Object.assign(config.states.b, { type: 'compound', initial: 'l' }),
    ],
    ['another initial state', ({ config }) => put(config, 'initial', 'b')],
    ['another initial state, nested', ({ config }) => put(config.states.b.states.l, 'initial', 'y')],
    ['deep history in place of shallow', ({ config }) => put(config.states.h, 'history', 'deep')],
    ['another id of the machine', ({ config }) => put(config, 'id', 'n')],
    ['a state’s own id', ({ config }) => put(config.states.a, 'id', 'custom')],
    ['another delay', ({ config }) => put(config.states.a, 'after', { 200: 'b', nap: 'b' })],
    [
      'a delay under another name',
      ({ config, implementations }) => {
        rename(config.states.a.after, 'nap', 'doze')
        rename(implementations.delays, 'nap', 'doze')
      },
    ],
    ['a delay less', ({ config }) => delete config.states.a.after.nap],
    ['another invoked logic', ({ config }) => put(config.states.a.invoke, 'src', 'kid')],
    ['another id of an invocation', ({ config }) => put(config.states.a.invoke, 'id', 'v')],
    ['an invocation more', ({ config }) => put(config.states.b, 'invoke', { src: 'work', id: 'v' })],
    [
      'a state in a child machine',
      ({ implementations }) =>
        put(implementations.actors, 'kid', kidWith({ states: { k: {}, j: {}, i: {} } })),
    ],
    [
      'a child machine under another name',
      ({ implementations }) => rename(implementations.actors, 'kid', 'child'),
    ],
    [
      'a child machine in place of a promise',
      ({ implementations }) => put(implementations.actors, 'work', kidWith({ states: { k: {} } })),
    ],
  ])('changes with %s', (_, change) => {
    expect(hashWith(change)).not.toBe(hashWith())
  })

  test.each<[string, (parts: ReturnType<typeof base>) => void]>([
    ['an event more', ({ config }) => put(config.states.a.on, 'STOP', 'end')],
    ['another target', ({ config }) => put(config.states.a.on, 'GO', 'end')],
    ['a guard', ({ config }) => put(config.states.a.on, 'GO', { target: 'b', guard: 'yes' })],
    ['actions', ({ config }) => Object.assign(config, { entry: ['tell', assign({ n: 2 })], exit: 'tell' })],
    ['an action that spawns', ({ config }) => put(config, 'entry', spawnChild('kid', { id: 'k' }))],
    ['implementations', ({ implementations }) => Object.assign(implementations, { actions: {}, guards: {} })],
    ['how long a named delay is', ({ implementations }) => put(implementations.delays, 'nap', () => 77)],
    [
      'another function behind a logic’s name',
      ({ implementations }) =>
        put(
          implementations.actors,
          'work',
          fromCallback(() => {}),
        ),
    ],
    [
      'a logic that no state depends on',
      ({ implementations }) => put(implementations.actors, 'more', promise),
    ],
    [
      'tags, meta and descriptions',
      ({ config }) => Object.assign(config.states.a, { tags: ['x'], meta: {}, description: 'd' }),
    ],
    ['the initial context', ({ config }) => put(config, 'context', { n: 5, more: [] })],
    [
      'the order of the actors',
      ({ implementations: { actors } }) => {
        const { work } = actors
        delete actors.work
        put(actors, 'work', work)
      },
    ],
    ['an output', ({ config }) => put(config, 'output', () => 1)],
  ])('does not change with %s', (_, change) => {
    expect(hashWith(change)).toBe(hashWith())
  })

  test('does not confuse one place with another', () => {
    const of = (states: Config) => structureHash(setup({}).createMachine({ id: 'm', initial: 'a', states }))
    expect(of({ a: { after: { 1: 'b' } }, b: {} })).not.toBe(of({ a: {}, b: { after: { 1: 'a' } } }))
    expect(of({ a: { initial: 'b', states: { b: {} } }, c: {} })).not.toBe(
      of({ a: { initial: 'b', states: { b: {}, c: {} } } }),
    )
  })

  test('is the same in whatever order the machines that it can start are named', () => {
    const child = (state: string) =>
      setup({}).createMachine({ id: 'child', initial: state, states: { [state]: {} } })
    const [one, two, three] = [child('x'), child('y'), child('z')]
    const of = (actors: Record<string, AnyStateMachine>) =>
      structureHash(setup({ actors }).createMachine({ id: 'm' }) as AnyStateMachine)
    const hash = of({ one, two, three })
    expect(of({ three, two, one })).toBe(hash)
    expect(of({ two, three, one })).toBe(hash)
    expect(of({ one: two, two: one, three })).not.toBe(hash)
  })

  test('ends for machines that can start one another', () => {
    const make = (state: string) => {
      const a = setup({ actors: { b: promise } }).createMachine({
        id: 'a',
        initial: 'x',
        states: { x: {} },
      }) as AnyStateMachine
      const b = setup({ actors: { a: promise } }).createMachine({
        id: 'b',
        initial: state,
        states: { [state]: {} },
      }) as AnyStateMachine
      a.implementations.actors.b = b
      b.implementations.actors.a = a
      return structureHash(a)
    }
    expect(make('y')).toBe(make('y'))
    expect(make('y')).not.toBe(make('z'))
  })

  test('is the definition’s', () => {
    const machine = setup({}).createMachine({ initial: 'a', states: { a: {} } })
    expect(defineService({ id: 'x', version: 1, machine }).structure).toBe(structureHash(machine))
  })
})

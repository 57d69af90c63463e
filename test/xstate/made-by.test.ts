import { task } from 'tardigrade'
import { afterEach, expect, test, vi } from 'vitest'
import {
  type AnyActorLogic,
  fromCallback,
  fromEventObservable,
  fromObservable,
  fromPromise,
  fromTransition,
  setup,
} from 'xstate'
import { internalLogic } from '../../src/xstate/internals.js'

afterEach(() => {
  vi.restoreAllMocks()
  // What was loaded without any text is nobody else’s.
  vi.resetModules()
})

const nothing = () => ({ subscribe: () => ({ unsubscribe: () => {} }) })

const LOGICS: Readonly<Record<string, AnyActorLogic>> = {
  fromPromise: fromPromise(async () => 1),
  fromCallback: fromCallback(() => {}),
  fromObservable: fromObservable(nothing),
  fromEventObservable: fromEventObservable(nothing),
  fromTransition: fromTransition((state) => state, 0),
  task: task(async () => 1),
  machine: setup({}).createMachine({}),
}

/** What the room of XState says of each, as it is loaded now. */
async function told(): Promise<Record<string, string | undefined>> {
  vi.resetModules()
  const { madeBy } = await import('../../src/xstate/made-by.js')
  return Object.fromEntries(
    Object.entries(LOGICS).map(([name, logic]) => [name, madeBy(internalLogic(logic))]),
  )
}

test('what XState has made is known by the text of its transition', async () => {
  expect(await told()).toEqual({
    fromPromise: 'fromPromise',
    fromCallback: 'fromCallback',
    fromObservable: 'fromObservable',
    fromEventObservable: 'fromEventObservable',
  })
})

test('and, but for the two observables, where functions have no text, as in Hermes', async () => {
  vi.spyOn(Function.prototype, 'toString').mockImplementation(function (this: { name: string }) {
    return `function ${this.name}(a0) { [bytecode] }`
  })
  expect(await told()).toEqual({
    fromPromise: 'fromPromise',
    fromCallback: 'fromCallback',
    fromObservable: 'fromObservable',
    fromEventObservable: 'fromObservable',
  })
})

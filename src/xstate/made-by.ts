import { fromCallback, fromEventObservable, fromObservable, fromPromise } from 'xstate'
import { type InternalLogic, internalLogic } from './internals.js'

/** What of XState's makes logics that work outside. */
export type Maker = 'fromPromise' | 'fromCallback' | 'fromObservable' | 'fromEventObservable'

const nothing = () => ({ subscribe: () => ({ unsubscribe: () => {} }) })

const MADE: readonly (readonly [Maker, InternalLogic])[] = [
  ['fromPromise', internalLogic(fromPromise(async () => {}))],
  ['fromCallback', internalLogic(fromCallback(() => {}))],
  ['fromEventObservable', internalLogic(fromEventObservable(nothing))],
  ['fromObservable', internalLogic(fromObservable(nothing))],
]

const textOf = (logic: InternalLogic): string => String(logic.transition)

/**
 * Hermes keeps no text of a function beside its name and its parameters: there the order counts as well in which XState
 * writes the members of each, which is one for both observables; what is made of those on a phone is the same.
 */
const marksOf: (logic: InternalLogic) => string =
  new Set(MADE.map(([, logic]) => textOf(logic))).size === MADE.length
    ? textOf
    : (logic) => `${Object.keys(logic)}: ${textOf(logic)}`

const makers = new Map(MADE.map(([maker, logic]) => [marksOf(logic), maker]))

const known = new WeakMap<InternalLogic, { readonly maker: Maker | undefined }>()

/**
 * What has made a logic; undefined: none of these. XState marks its logics with nothing, so each is known by the text
 * of its transition.
 */
export function madeBy(logic: InternalLogic): Maker | undefined {
  let found = known.get(logic)
  if (found === undefined) {
    found = { maker: makers.get(marksOf(logic)) }
    known.set(logic, found)
  }
  return found.maker
}

import { fromCallback, fromEventObservable, fromObservable, fromPromise } from 'xstate'
import { type InternalLogic, internalLogic } from './internals.js'

/** What of XState's makes logics that work outside. */
export type Maker = 'fromPromise' | 'fromCallback' | 'fromObservable' | 'fromEventObservable'

const nothing = () => ({ subscribe: () => ({ unsubscribe: () => {} }) })

const makers = new Map<string, Maker>(
  Object.entries({
    fromPromise: fromPromise(async () => {}),
    fromCallback: fromCallback(() => {}),
    fromObservable: fromObservable(nothing),
    fromEventObservable: fromEventObservable(nothing),
  }).map(([name, logic]) => [String(internalLogic(logic).transition), name as Maker]),
)

const known = new WeakMap<InternalLogic, { readonly maker: Maker | undefined }>()

/**
 * What has made a logic; undefined: none of these. XState marks its logics with nothing, so each is known by the text
 * of its transition.
 */
export function madeBy(logic: InternalLogic): Maker | undefined {
  let found = known.get(logic)
  if (found === undefined) {
    found = { maker: makers.get(String(logic.transition)) }
    known.set(logic, found)
  }
  return found.maker
}

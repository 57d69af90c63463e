import { type AnyStateMachine, createActor, type EventObject } from 'xstate'
import type { TreeRevival } from './bring-back.js'
import {
  type InternalActor,
  type InternalLogic,
  type InternalScope,
  internalActor,
  internalLogic,
  publicLogic,
} from './internals.js'
import { restoringLogic } from './revive.js'
import type { TreeOptions } from './tree-options.js'

/** What a life of a tree begins from: an input, or the record of an earlier life. */
export type TreeStart = { readonly input: unknown } | TreeRevival

/** The actor at the root of a tree; nothing of it has run yet. `install` is called before anything of it exists. */
export function rootActor(
  { machine, id, inspect }: TreeOptions,
  start: TreeStart,
  install: (scope: InternalScope) => void,
): InternalActor {
  return internalActor(
    createActor(publicLogic(rootLogic(machine, install)), {
      id,
      ...('record' in start ? { snapshot: start.record.root } : { input: start.input }),
      ...(inspect === undefined ? {} : { inspect }),
    } as never),
  )
}

/**
 * The author's machine as the root of a tree: `install` is called before anything of it happens, and gives it a scope of
 * its own; it restores from our records. Its own nodes and methods stay the very same; two are put before them.
 */
function rootLogic(machine: AnyStateMachine, install: (scope: InternalScope) => void): InternalLogic {
  const logic = internalLogic(machine)
  const getInitialSnapshot = (scope: InternalScope, input: unknown) => {
    install(scope)
    // The input's type is the author's, and the snapshot is a machine's.
    return machine.getInitialSnapshot(scope.self._actorScope as never, input as never) as never
  }
  const restoreSnapshot = (record: unknown, scope: InternalScope) => {
    install(scope)
    return restoringLogic(logic).restoreSnapshot?.(record, scope.self._actorScope)
  }
  return Object.assign(Object.create(logic), { getInitialSnapshot, restoreSnapshot })
}

/** Has the observer hear of the root's changes and of the error that ends it, `emitted` of what it emits. */
export function observeRoot(
  root: InternalActor,
  observer: { next(): void; error(error: unknown): void },
  emitted: (event: EventObject) => void,
): void {
  // XState's public methods; the internal view of an actor leaves them out.
  const actor = root as unknown as {
    subscribe(listener: typeof observer): void
    on(type: '*', listener: typeof emitted): void
  }
  actor.subscribe(observer)
  actor.on('*', emitted)
}

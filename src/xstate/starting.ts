import type { EventObject } from 'xstate'
import { type InternalActor, type InternalScope, type InternalSystem, RUNNING } from './internals.js'

/**
 * Starts outside work as XState does, where what it sends meanwhile waits until it has begun: here nobody above it is in the
 * middle of a transition, and an observable would be left, or change, before it is known how to unsubscribe from it.
 */
export function startWork(scope: InternalScope, start: (scope: InternalScope) => void): void {
  const { system } = scope
  let early: Parameters<InternalSystem['_relay']>[] | undefined = []
  const relay = (source: InternalActor | undefined, target: InternalActor, event: EventObject) => {
    if (early === undefined) system._relay(source, target, event)
    else early.push([source, target, event])
  }
  const { actionExecutor } = scope
  const own = Object.create(system, { _relay: { value: relay } }) as InternalSystem
  const waiting = { ...scope, actionExecutor, system: own }
  const sent = early
  try {
    start(waiting)
  } finally {
    // Where it threw, this comes before its error.
    early = undefined
    for (const [source, target, event] of sent) {
      // One that was left for what it sent before tells itself no more. Its parent has all of it, as in XState, where it
      // would lie in the parent's mailbox by now.
      if (target !== scope.self || scope.self._processingStatus === RUNNING)
        system._relay(source, target, event)
    }
  }
}

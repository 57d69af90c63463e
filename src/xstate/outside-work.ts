import { apart } from './apart.js'
import { type InternalActor, isMachineSnapshot } from './internals.js'
import { outsideOf } from './outside.js'

/** Cuts off all outside work below an actor. */
export function endOutsideWork(actor: InternalActor): void {
  const snapshot = actor.getSnapshot()
  if (isMachineSnapshot(snapshot)) {
    for (const child of Object.values(snapshot.children)) if (child !== undefined) endOutsideWork(child)
    return
  }
  // What the author's cleanup throws is no reason to leave the rest running.
  apart(() => outsideOf(actor)?.end())
}

/** Whether any outside work runs below an actor. */
export function hasOutsideWork(actor: InternalActor): boolean {
  const snapshot = actor.getSnapshot()
  if (snapshot.status !== 'active') return false
  if (!isMachineSnapshot(snapshot)) return outsideOf(actor) !== undefined
  return Object.values(snapshot.children).some((child) => child !== undefined && hasOutsideWork(child))
}

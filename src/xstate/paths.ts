import type { ActorPath } from '../checkpoint/record.js'
import { type InternalActor, isMachineSnapshot } from './internals.js'

/** The actor's path from its root, whether or not it is still part of the tree. */
export function pathOf(actor: InternalActor): ActorPath {
  const path: string[] = []
  for (let at = actor; at._parent !== undefined; at = at._parent) path.unshift(at.id)
  return path
}

/** The names of the logics from the root's children down to the actor's own. */
export function logicPathOf(actor: InternalActor): readonly string[] {
  const path: string[] = []
  for (let at = actor; at._parent !== undefined; at = at._parent) path.unshift(String(at.src))
  return path
}

export function rootOf(actor: InternalActor): InternalActor {
  let at = actor
  while (at._parent !== undefined) at = at._parent
  return at
}

/** The child of that id which the actor holds now. */
export function childOf(actor: InternalActor, id: string): InternalActor | undefined {
  const snapshot = actor.getSnapshot()
  if (!isMachineSnapshot(snapshot) || !Object.hasOwn(snapshot.children, id)) return undefined
  return snapshot.children[id]
}

/** The actor at a path; undefined when there is none. */
export function actorAt(root: InternalActor, path: ActorPath): InternalActor | undefined {
  let at: InternalActor | undefined = root
  for (const id of path) {
    if (at === undefined) return undefined
    at = childOf(at, id)
  }
  return at
}

/** Whether the actor is the one that the tree holds at its path. */
export function isInTree(actor: InternalActor): boolean {
  for (let at = actor; at._parent !== undefined; at = at._parent) {
    if (childOf(at._parent, at.id) !== at) return false
  }
  return true
}

import type { Path } from '../../../src/inspect/stream/entry.js'
import { isSamePath } from './paths.js'
import { fieldOf } from './values.js'

/** Whom a reference to an actor in a value means; `path` but in old recordings, and in what applications tell of themselves. */
export interface Reference {
  readonly id: string
  readonly path?: Path
}

/** The reference that a shown value stands for, as XState writes one; undefined for any other value. */
export function referenceIn(value: unknown): Reference | undefined {
  const [mark, id, path] = ['xstate$$type', 'id', 'path'].map((name) => fieldOf(value, name))
  if (mark !== 1 || typeof id !== 'string') return undefined
  return isPath(path) ? { id, path } : { id }
}

/** Whether two values are the same reference, however much each tells of it. */
export function isSameReference(a: unknown, b: unknown): boolean {
  const [one, other] = [referenceIn(a), referenceIn(b)]
  if (one === undefined || other === undefined || one.id !== other.id) return false
  return one.path === undefined || other.path === undefined || isSamePath(one.path, other.path)
}

/** Where the actor stands that a reference in the data of `owner` means; undefined where it is not among these. */
export function placeOf(
  { id, path }: Reference,
  owner: Path,
  actors: readonly { readonly actor: Path }[],
): Path | undefined {
  const own = path ?? [...owner, id]
  // A machine mostly keeps those that it has spawned itself.
  const found =
    actors.find(({ actor }) => isSamePath(actor, own)) ?? actors.find(({ actor }) => actor.at(-1) === id)
  return found?.actor
}

/** How it is written in a line. */
export function referenceText({ id }: Reference): string {
  return `→ ${id || 'the machine'}`
}

function isPath(value: unknown): value is Path {
  return Array.isArray(value) && value.every((id) => typeof id === 'string')
}

import type { StoreReader } from '../../../src/ports/store.js'
import { KEEP } from '../../../src/testing/contract/store/scene.js'

/** A checkpoint, as far as a fault could change it. */
export interface Face {
  readonly sequence: number
  readonly epoch: number
  readonly text: string
}

/** What a store holds: by key, newest first, and what was set aside. */
export interface Held {
  readonly kept: ReadonlyMap<string, readonly Face[]>
  /** As text, in any order. */
  readonly aside: ReadonlySet<string>
}

export const NOTHING: Held = { kept: new Map(), aside: new Set() }

/** The sequence of the key's newest checkpoint; 0 without one. */
export function newest(held: Held, key: string): number {
  return held.kept.get(key)?.[0]?.sequence ?? 0
}

/** A checkpoint that was set aside, as text. */
export function asideText(key: string, { sequence, epoch, text }: Face): string {
  return JSON.stringify([key, sequence, epoch, text])
}

/** The same with another list under a key; an empty one is none. */
export function withKept(held: Held, key: string, faces: readonly Face[]): Held {
  const kept = new Map(held.kept)
  if (faces.length === 0) kept.delete(key)
  else kept.set(key, faces)
  return { ...held, kept }
}

/** `first`, with what `second` has otherwise than `before`. */
export function overlaid(before: Held, first: Held, second: Held): Held {
  let both = first
  for (const key of new Set([...before.kept.keys(), ...second.kept.keys()])) {
    const [old = [], faces = []] = [before.kept.get(key), second.kept.get(key)]
    if (faces === old) continue
    // What both have done under one key lies there file by file: also one that the first was to set aside, and has not.
    const grew = newest(second, key) > newest(before, key)
    const ofFirst = first.kept.get(key) ?? []
    const under = grew
      ? ofFirst
      : ofFirst.filter((face) => old.every((one) => one.sequence !== face.sequence))
    const apart = under.filter(({ sequence }) => faces.every((face) => face.sequence !== sequence))
    const all = [...faces, ...apart].sort((a, b) => b.sequence - a.sequence)
    both = withKept(both, key, pruned(all))
  }
  return second.aside === before.aside ? both : { ...both, aside: second.aside }
}

/** Those of the last sequences that are kept. */
export function pruned(faces: readonly Face[]): readonly Face[] {
  const last = faces[0]?.sequence ?? 0
  return faces.filter(({ sequence }) => sequence > last - KEEP)
}

/** All that a store holds, with what its parts say of one another. @throws {Error} they contradict */
export async function look(reader: StoreReader): Promise<Held> {
  const kept = new Map<string, readonly Face[]>()
  const face = ({ sequence, epoch, text }: Face): Face => ({ sequence, epoch, text })
  for (const { key, sequence, size } of await reader.list()) {
    const history = (await reader.history(key)).map(face)
    const loaded = await reader.load(key)
    const first = history[0]
    if (first === undefined || loaded === undefined || loaded.text !== first.text)
      throw new Error(`${key} is listed, and its newest checkpoint is not the first of its history`)
    if (first.sequence !== sequence || first.text.length !== size)
      throw new Error(`${key} is listed at ${sequence} with ${size} characters, and is at ${first.sequence}`)
    kept.set(key, history)
  }
  const aside = (await reader.quarantined()).map((one) => asideText(one.key, one))
  return { kept, aside: new Set(aside) }
}

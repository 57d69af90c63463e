import type { ActorRecord, CheckpointRecord } from '../../../src/checkpoint/record.js'
import { ActorReference } from '../../../src/xstate/codec.js'

/**
 * Whether a reference is one that no checkpoint is written with: to an actor that is not in the record, or a second
 * one to the same actor, which is one object where it is restored. One that had ended when it was written keeps its
 * id and its snapshot, without which it is written inside of another's alone; where it once stood means nothing any more.
 */
export function hasOddReferences(record: CheckpointRecord): boolean {
  const paths = new Set<string>()
  const walk = (actor: ActorRecord, path: readonly string[]) => {
    paths.add(JSON.stringify(path))
    for (const child of actor.children ?? []) walk(child, [...path, child.id])
  }
  walk(record.root, [])
  const referred = new Set<string>()
  const met = new Set<unknown>()
  const open: unknown[] = [record]
  for (let value = open.pop(); value !== undefined || open.length > 0; value = open.pop()) {
    if (typeof value !== 'object' || value === null || met.has(value)) continue
    met.add(value)
    if (value instanceof ActorReference) {
      const { path, ended } = value
      const place = JSON.stringify(path)
      const isOdd =
        ended === undefined
          ? !paths.has(place) || referred.has(place)
          : path.join('/') !== ended.id || ended.snapshot === ''
      if (isOdd) return true
      referred.add(place)
    } else if (value instanceof Map) open.push(...value.keys(), ...value.values())
    else open.push(...(value instanceof Set ? value : Object.values(value)))
  }
  return false
}

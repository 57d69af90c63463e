import type { AnyMachineSnapshot } from 'xstate'
import type { Hide } from '../redact.js'
import { type Shown, shown } from '../shown.js'
import type { Place } from './places.js'

/** A snapshot's fields, apart from what is no data. */
export type Sketch = Readonly<Record<string, unknown>>

/** What happened, as it was noted: nothing is copied, hidden or written yet. */
export type Note =
  | {
      readonly type: 'actor'
      readonly place: Place
      readonly config: unknown
      readonly snapshot: Sketch
      readonly atMs: number
    }
  | {
      readonly type: 'event'
      readonly place: Place
      readonly source: string | undefined
      readonly event: unknown
      readonly atMs: number
    }
  | {
      readonly type: 'snapshot'
      readonly place: Place
      readonly event: unknown
      readonly snapshot: Sketch
      readonly atMs: number
    }

export type ActorNote = Extract<Note, { readonly type: 'actor' }>

const MACHINE_FIELDS = ['status', 'value', 'context', 'output', 'error', 'historyValue']

/** What a receiver may know of a snapshot: of a machine's its state, of another logic's all that it keeps. */
export function sketchOf(snapshot: object): Sketch {
  const entries = Object.entries(snapshot).filter(([, value]) => value !== undefined)
  if (!('machine' in snapshot)) return Object.fromEntries(entries)
  const told = Object.fromEntries(entries.filter(([name]) => MACHINE_FIELDS.includes(name)))
  // A machine's snapshot has both.
  const { tags, children } = snapshot as unknown as Pick<AnyMachineSnapshot, 'tags' | 'children'>
  return { ...told, tags: [...tags], children: references(children) }
}

/** What is shown of it. */
export function sketchShown(sketch: Sketch, hide: Hide): { readonly [name: string]: Shown } {
  return Object.fromEntries(Object.entries(sketch).map(([name, value]) => [name, shown(value, name, hide)]))
}

/** The children by their ids alone: a note outlives the life of the actors, and shall not keep them in memory. */
function references(children: AnyMachineSnapshot['children']): Sketch {
  const living = Object.entries(children).filter(([, child]) => child !== undefined)
  return Object.fromEntries(living.map(([id]) => [id, { id, xstate$$type: 1 }]))
}

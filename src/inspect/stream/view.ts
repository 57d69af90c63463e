import type { Hide } from '../redact.js'
import { type Limits, type Shown, shown } from '../shown.js'
import type { Change } from './change.js'
import { diff } from './diff.js'

/** What is shown of one value. A context is shown whole once, so it may be large. */
export const STREAM_LIMITS: Limits = { depth: 64, values: 100_000, text: 100_000 }
/** What is shown of each value where all together would be too much. */
export const SHORT_LIMITS: Limits = { depth: 3, values: 50, text: 200 }

const MACHINE_FIELDS = ['status', 'value', 'context', 'tags', 'output', 'error', 'historyValue'] as const

type Fields = Readonly<Record<string, unknown>>

/** Any actor's snapshot: of a machine its state without its children, of another logic all that it keeps. */
export function snapshotShown(snapshot: object, hide: Hide, limits = STREAM_LIMITS): Shown {
  const told: [string, Shown][] = []
  for (const name of fieldsOf(snapshot)) {
    const value = (snapshot as Fields)[name]
    if (value !== undefined && !isEmptyField(name, value)) told.push([name, shown(value, name, hide, limits)])
  }
  return Object.fromEntries(told)
}

/** What leads from what is shown of one snapshot to what is shown of the next one of the same actor. */
export function snapshotChanges(before: object, after: object, hide: Hide): readonly Change[] {
  const changes: Change[] = []
  for (const name of fieldsOf(after)) {
    const was = (before as Fields)[name]
    const is = (after as Fields)[name]
    if (was === is) continue
    const had = was !== undefined && !isEmptyField(name, was)
    const has = is !== undefined && !isEmptyField(name, is)
    if (!had && !has) continue
    if (!has) changes.push({ path: [name], gone: true })
    else if (!had) changes.push({ path: [name], value: shown(is, name, hide, STREAM_LIMITS) })
    else {
      for (const change of diff(was, is, name, hide, STREAM_LIMITS)) {
        changes.push({ ...change, path: [name, ...change.path] })
      }
    }
  }
  return changes
}

function fieldsOf(snapshot: object): readonly string[] {
  return 'machine' in snapshot ? MACHINE_FIELDS : Object.keys(snapshot)
}

/** A machine has a set of tags and a record of history, whether or not there is anything in them. */
function isEmptyField(name: string, value: unknown): boolean {
  if (name === 'tags') return value instanceof Set && value.size === 0
  if (name !== 'historyValue' || typeof value !== 'object' || value === null) return false
  for (const _ in value) return false
  return true
}

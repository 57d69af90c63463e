import type { AnyMachineSnapshot } from 'xstate'
import type { Hide } from '../redact.js'
import { type Limits, type Shown, shown } from '../shown.js'
import type { Change } from './change.js'
import { diff } from './diff.js'
import { jsonText } from './json-text.js'
import { isLeaf, leafChangesText } from './leaf-change.js'

/** What is shown of one value. A context is shown whole once, so it may be large. */
export const STREAM_LIMITS: Limits = { depth: 64, values: 100_000, text: 100_000 }
/** What is shown of each value where all together would be too much. */
export const SHORT_LIMITS: Limits = { depth: 3, values: 50, text: 200 }

/** Of a machine's snapshot. */
export const MACHINE_FIELDS = [
  'status',
  'value',
  'context',
  'tags',
  'output',
  'error',
  'historyValue',
] as const

type Fields = Readonly<Record<string, unknown>>

/** Any actor's snapshot: of a machine its state without its children, of another logic all that it keeps. */
export function snapshotShown(snapshot: object, hide: Hide, limits = STREAM_LIMITS): Shown {
  const names = 'machine' in snapshot ? MACHINE_FIELDS : Object.keys(snapshot)
  return fieldsShown(snapshot as Fields, names, hide, limits)
}

/** Some fields of a snapshot. */
export function fieldsShown(
  snapshot: Fields,
  names: readonly string[],
  hide: Hide,
  limits = STREAM_LIMITS,
): Shown {
  const told: [string, Shown][] = []
  for (const name of names) {
    const value = seen(name, snapshot[name])
    if (value !== undefined) told.push([name, shown(value, name, hide, limits)])
  }
  return Object.fromEntries(told)
}

/** What leads from what is shown of one snapshot to what is shown of the next one of the same actor, as JSON: `[change, …]`. */
export function changesText(before: object, after: object, hide: Hide): string {
  return isMachine(before) && isMachine(after)
    ? `[${machineChanges(before, after, hide)}]`
    : `[${allChanges(before, after, hide)}]`
}

/** Field by field, as each is read of very many snapshots. */
function machineChanges(before: AnyMachineSnapshot, after: AnyMachineSnapshot, hide: Hide): string {
  let text = ''
  if (before.value !== after.value) text = valueText(before.value, after.value, hide)
  if (before.context !== after.context) text = and(text, 'context', before.context, after.context, hide)
  if (before.status !== after.status) text = and(text, 'status', before.status, after.status, hide)
  if (before.tags.size + after.tags.size > 0) text = and(text, 'tags', before.tags, after.tags, hide)
  if (before.output !== after.output) text = and(text, 'output', before.output, after.output, hide)
  if (before.error !== after.error) text = and(text, 'error', before.error, after.error, hide)
  const { historyValue: was } = before
  return was === after.historyValue ? text : and(text, 'historyValue', was, after.historyValue, hide)
}

function allChanges(before: object, after: object, hide: Hide): string {
  let text = ''
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    text = and(text, name, (before as Fields)[name], (after as Fields)[name], hide)
  }
  return text
}

const VALUE = ['value']

function valueText(before: unknown, after: unknown, hide: Hide): string {
  // The state of most machines is a name.
  const is = typeof after === 'string' ? hide(after, VALUE) : undefined
  return typeof is === 'string' && isLeaf(is)
    ? `{"path":["value"],"value":${jsonText(is)}}`
    : fieldText('value', before, after, hide)
}

/** The changes of a field after those of others. */
function and(text: string, name: string, before: unknown, after: unknown, hide: Hide): string {
  const more = fieldText(name, before, after, hide)
  return text === '' || more === '' ? text + more : `${text},${more}`
}

function fieldText(name: string, before: unknown, after: unknown, hide: Hide): string {
  const was = seen(name, before)
  const is = seen(name, after)
  if (was === is) return ''
  if (is === undefined) return JSON.stringify({ path: [name], gone: true } satisfies Change)
  if (was === undefined) {
    return JSON.stringify({ path: [name], value: shown(is, name, hide, STREAM_LIMITS) } satisfies Change)
  }
  return (
    leafChangesText(was, is, name, hide) ??
    diff(was, is, name, hide, STREAM_LIMITS)
      .map((change) => JSON.stringify({ ...change, path: [name, ...change.path] }))
      .join()
  )
}

/** A machine has a set of tags and a record of history, whether or not there is anything in them. */
function seen(name: string, value: unknown): unknown {
  if (name === 'tags' && value instanceof Set && value.size === 0) return undefined
  if (name === 'historyValue' && typeof value === 'object' && value !== null) {
    for (const _ in value) return value
    return undefined
  }
  return value
}

function isMachine(snapshot: object): snapshot is AnyMachineSnapshot {
  return 'machine' in snapshot
}

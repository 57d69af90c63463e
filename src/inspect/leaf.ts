import { type AnyActorRef, StateMachine, StateNode } from 'xstate'
import { internalActor } from '../xstate/internals.js'
import { pathOf } from '../xstate/paths.js'
import type { Shown } from './shown.js'

/** A value that has nothing inside it, as it is shown; undefined for every other. */
export function leafOf(value: unknown, longest: number): Shown | undefined {
  switch (typeof value) {
    case 'string':
      return cut(value, longest)
    case 'number':
      // What JSON would make null of.
      return Number.isFinite(value) ? value : `[${value}]`
    case 'boolean':
      return value
    case 'bigint':
      return cut(`${value}n`, longest)
    case 'undefined':
      return '[undefined]'
    case 'symbol':
      return cut(String(value), longest)
    case 'function':
      return cut(`[function ${value.name || 'without a name'}]`, longest)
    default:
      return value === null ? null : leafObject(value as object, longest)
  }
}

function leafObject(object: object, longest: number): Shown | undefined {
  if (object instanceof Date) {
    return Number.isNaN(object.getTime()) ? '[invalid date]' : object.toISOString()
  }
  if (object instanceof RegExp || object instanceof URL) return cut(String(object), longest)
  if (object instanceof Promise || object instanceof WeakMap || object instanceof WeakSet) {
    return `[${object.constructor.name}]`
  }
  if (object instanceof ArrayBuffer) return `ArrayBuffer(${object.byteLength} bytes)`
  // Parts of a machine, which are no data.
  if (object instanceof StateNode || object instanceof StateMachine) return { id: object.id }
  // As XState writes the references in a snapshot, and where it stands: another actor may have a child of that id, too.
  return isActor(object)
    ? { id: object.id, xstate$$type: 1, path: [...pathOf(internalActor(object))] }
    : undefined
}

function isActor(object: object): object is AnyActorRef {
  return (
    'sessionId' in object &&
    'id' in object &&
    typeof object.id === 'string' &&
    'getSnapshot' in object &&
    'send' in object
  )
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}[${text.length - longest} characters more]`
}

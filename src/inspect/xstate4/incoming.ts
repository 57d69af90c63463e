import { readJson } from '../../checkpoint/json.js'
import type { Subject } from '../../ports/inspector.js'
import { subjectAt } from '../stately/places.js'

/** Takes an event that somebody sends from a receiver; what it rejects with goes to `onWarning`. */
export type Incoming = (event: { readonly type: string }, of: Subject) => unknown

/** What a receiver tells: that it looks on, an event for a service's machine, or nothing that matters here. */
export function readReceiver(
  message: unknown,
  label: string | undefined,
):
  | { readonly type: 'inspecting' }
  | { readonly type: 'event'; readonly event: { readonly type: string }; readonly of: Subject }
  | undefined {
  if (!hasType(message)) return undefined
  if (message.type === 'xstate.inspecting') return { type: 'inspecting' }
  if (message.type !== 'xstate.event' || !('event' in message)) return undefined
  const told = typeof message.event === 'string' ? parsed(message.event) : message.event
  if (typeof told !== 'object' || told === null || !('data' in told) || !('origin' in told)) return undefined
  const { data, origin } = told
  const of = typeof origin === 'string' ? subjectAt(origin, label) : undefined
  return of === undefined || !hasType(data) ? undefined : { type: 'event', event: data, of }
}

/** Parses JSON; undefined for what is none. */
export function parsed(text: string): unknown {
  try {
    return readJson(text)
  } catch {
    return undefined
  }
}

function hasType(value: unknown): value is { readonly type: string } {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

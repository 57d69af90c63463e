import { HIDE_NOTHING, type Hide } from '../redact.js'
import { shown } from '../shown.js'
import { jsonText } from './json-text.js'
import { STREAM_LIMITS } from './view.js'

/** Longest text of which it is plain at a glance that it is shown whole. */
const SHORT = 1000

/** An event as the JSON of what is shown of it. */
export function eventText(event: { readonly type: string }, hide: Hide): string {
  // Most are a type and no more, or a type and few plain values.
  if (hide === HIDE_NOTHING && isSimple(event)) {
    return hasTypeAlone(event) ? `{"type":${jsonText(event.type)}}` : JSON.stringify(event)
  }
  return JSON.stringify(shown(event, 'event', hide, STREAM_LIMITS))
}

function hasTypeAlone(event: object): boolean {
  for (const name in event) if (name !== 'type') return false
  return true
}

/** Whether JSON shows it just as `shown` does. */
function isSimple(event: { readonly type: string }): boolean {
  if (Object.getPrototypeOf(event) !== Object.prototype || event.type.length > SHORT) return false
  for (const name in event) {
    if (name === 'type') continue
    const value = Object.getOwnPropertyDescriptor(event, name)?.value
    if (
      typeof value === 'string' ? value.length > SHORT : typeof value !== 'boolean' && !Number.isFinite(value)
    ) {
      return false
    }
  }
  return true
}

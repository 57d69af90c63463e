import { HIDE_NOTHING, type Hide } from '../redact.js'
import { shown } from '../shown.js'
import { jsonText, leafJson } from './json-text.js'
import { isLeaf } from './leaf-change.js'
import { STREAM_LIMITS } from './view.js'

/** An event as the JSON of what is shown of it. */
export function eventText(event: { readonly type: string }, hide: Hide): string {
  return simpleText(event, hide) ?? JSON.stringify(shown(event, 'event', hide, STREAM_LIMITS))
}

const WHOLE = ['event']
const TYPE = ['event', 'type']

/** Of a type and no more, or a type and few plain values of which nothing is hidden, as most events are. */
function simpleText(event: { readonly type: string }, hide: Hide): string | undefined {
  if (Object.getPrototypeOf(event) !== Object.prototype || !isLeaf(event.type)) return undefined
  const hides = hide !== HIDE_NOTHING
  if (hides && (hide(event, WHOLE) !== event || hide(event.type, TYPE) !== event.type)) return undefined
  let text = `{"type":${jsonText(event.type)}`
  for (const name in event) {
    if (name === 'type') continue
    const value: unknown = Object.getOwnPropertyDescriptor(event, name)?.value
    if (!isLeaf(value) || (hides && hide(value, ['event', name]) !== value)) return undefined
    text += `,${jsonText(name)}:${leafJson(value)}`
  }
  return `${text}}`
}

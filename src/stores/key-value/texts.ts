import { StoreDamagedError } from '../../errors/store.js'
import { DAMAGED_HERE_REMEDY } from '../damaged-remedies.js'
import type { KeyValue } from './port.js'
import type { Places, Summary } from './records.js'

/**
 * The text in parts that the storage takes, none of which is empty or ends in the middle of a character: there are storages that
 * take an empty text for none.
 */
export function partsOf(text: string, longest: number): string[] {
  const parts: string[] = []
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + longest, text.length)
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--
    parts.push(text.slice(at, end))
    at = end
  }
  return parts
}

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdbff

/** The text of a checkpoint; undefined when a part is gone, since a newer one has made room. */
export async function readText(
  storage: KeyValue,
  places: Places,
  key: string,
  summary: Summary,
): Promise<string | undefined> {
  const parts = await Promise.all(placesOf(places, summary).map((place) => storage.get(place)))
  if (parts.includes(undefined)) return undefined
  const text = parts.join('')
  if (text.length === summary.size) return text
  const reason = `the text of sequence ${summary.sequence} has ${text.length} of ${summary.size} characters`
  throw new StoreDamagedError(storage.name, reason, { key }, DAMAGED_HERE_REMEDY)
}

/** Where the parts of its text lie. */
export function placesOf(places: Places, summary: Summary): string[] {
  return Array.from({ length: summary.parts }, (_, part) => places.text(summary, part))
}

export async function removeText(storage: KeyValue, places: Places, summary: Summary): Promise<void> {
  for (const place of placesOf(places, summary)) await storage.remove(place)
}

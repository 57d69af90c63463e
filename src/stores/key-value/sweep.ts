import type { KeyValue } from './port.js'
import { type Places, readAside, readHead } from './records.js'
import { placesOf } from './texts.js'

/** What stands behind the prefix of texts in the place of a part of this format. */
const PART = /^\d+-\d+:\d+$/

/**
 * Removes the texts that nothing names: an owner that died after it had written one, and before a head named it, leaves it. Where a
 * head or what was set aside cannot be read nobody knows what it names, and nothing is removed.
 */
export async function sweep(storage: KeyValue, places: Places): Promise<void> {
  try {
    const all = await storage.keys()
    const texts = all.filter(
      (place) => place.startsWith(places.texts) && PART.test(place.slice(places.texts.length)),
    )
    if (texts.length === 0) return
    const heads = all.filter((place) => place.startsWith(places.heads))
    const asides = all.filter((place) => place.startsWith(places.asides))
    const summaries = await Promise.all([
      ...heads.map(
        async (place) => (await readHead(storage, places, place.slice(places.heads.length)))?.kept,
      ),
      ...asides.map((place) => readAside(storage, place)),
    ])
    const named = new Set(summaries.flat().flatMap((one) => (one === undefined ? [] : placesOf(places, one))))
    for (const place of texts) if (!named.has(place)) await storage.remove(place)
    // What cannot be removed now is removed by a later claim.
  } catch {}
}

import { keptOf, keysOf, readHeads } from './heads.js'
import type { Ownership } from './owner.js'
import type { KeyValue } from './port.js'
import { type Places, readAside } from './records.js'
import { placesOf } from './texts.js'

/** What stands behind the prefix of texts in the place of a part of this format, with the epoch of who wrote it. */
const PART = /^(\d+)-\d+(?:-[\da-z]+)?:\d+$/

/**
 * Removes the texts that nothing names: an owner that died after it had written one, and before a head named it, leaves it. The owner
 * that was just replaced may stand still between the two, and name it yet: its texts are left for the next claim, and those of the claim at
 * the same time with it. Where a head or what was set aside cannot be read nobody knows what it names, and nothing is removed.
 */
export async function sweep(storage: KeyValue, places: Places, owner: Ownership): Promise<void> {
  try {
    const all = await storage.keys()
    const heads = await Promise.all(
      keysOf(places, all).map(async (key) => ({
        key,
        ...(await readHeads(storage, places, key, owner.epoch)),
      })),
    )
    const asides = await Promise.all(
      all.filter((place) => place.startsWith(places.asides)).map((place) => readAside(storage, place)),
    )
    const summaries = [...heads.flatMap(keptOf), ...asides.filter((one) => one !== undefined)]
    const named = new Set(summaries.flatMap((one) => placesOf(places, one)))
    for (const place of all) {
      if (!place.startsWith(places.texts) || named.has(place)) continue
      const [, epoch] = PART.exec(place.slice(places.texts.length)) ?? []
      if (epoch !== undefined && Number(epoch) < owner.epoch - 1) await storage.remove(place)
    }
    for (const { key, own, other } of heads) {
      const isOver =
        own !== undefined && (other === undefined ? own.kept.length === 0 : own.epoch < other.epoch)
      if (isOver) await owner.set(places.head(key, owner.epoch), undefined)
    }
    // What cannot be removed now is removed by a later claim.
  } catch {}
}

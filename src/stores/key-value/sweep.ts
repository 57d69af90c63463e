import { type HeadPlaces, readHeads } from './heads.js'
import { marksIn, type Ownership } from './owner.js'
import type { KeyValue } from './port.js'
import { type Places, readAside } from './records.js'
import { placesOf } from './texts.js'

/** What stands behind the prefix of texts in the place of a part of this format, with the epoch of who wrote it. */
const PART = /^(\d+)-\d+(?:-[\da-z]+)?:\d+$/

/**
 * Removes the texts that nothing names, and the heads that count no more: an owner that died after it had written a text, and before a head named
 * it, leaves it. The owner that was replaced may stand still between the two, and name it yet: its texts are left for the next claim, and those
 * of claims at the same time with it; so is a head that says that its key was removed. Where a head or what was set aside cannot be read
 * nobody knows what it names, and nothing is removed; nor where another claim has come, which may name more. `where` knows the heads that are left.
 */
export async function sweep(
  storage: KeyValue,
  places: Places,
  owner: Ownership,
  where: HeadPlaces,
): Promise<void> {
  try {
    const { all, replaced } = owner
    const heads = await Promise.all(
      [...where].map(async ([key, at]) => ({ key, heads: await readHeads(storage, key, at) })),
    )
    const asides = await Promise.all(
      all.filter((place) => place.startsWith(places.asides)).map((place) => readAside(storage, place)),
    )
    await owner.check()
    const counting = heads.flatMap(({ heads: [newest] }) => newest?.head.kept ?? [])
    const summaries = [...counting, ...asides.filter((one) => one !== undefined)]
    const named = new Set(summaries.flatMap((one) => placesOf(places, one)))
    for (const place of all) {
      if (!place.startsWith(places.texts) || named.has(place)) continue
      const [, epoch] = PART.exec(place.slice(places.texts.length)) ?? []
      if (epoch !== undefined && Number(epoch) < replaced) await storage.remove(place)
    }
    for (const { key, heads: found } of heads) {
      const [newest, ...over] = found
      // The older ones first: without it they would count again.
      for (const { place } of over) await storage.remove(place)
      if (newest === undefined) continue
      where.set(key, [newest.place])
      if (newest.head.kept.length > 0 || newest.head.epoch >= replaced) continue
      await storage.remove(newest.place)
      where.delete(key)
    }
    for (const { place, epoch } of marksIn(places, all)) {
      if (epoch < owner.epoch) await storage.remove(place)
    }
    // What cannot be removed now is removed by a later claim.
  } catch {}
}

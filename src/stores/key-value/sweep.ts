import type { HeadPlaces } from './heads.js'
import type { Ownership } from './owner.js'
import type { KeyValue } from './port.js'
import { type Places, readAside, type Summary } from './records.js'
import { type ReadHeads, readAllHeads, removeReplaced } from './replaced.js'
import { placesOf } from './texts.js'

/** What stands behind the prefix of texts in the place of a part of this format, with the epoch of who wrote it. */
const PART = /^(\d+)-\d+(?:-[\da-z]+)?:\d+$/

/**
 * Removes the texts that nothing names, and the heads and marks that count no more: an owner that died after it had written a text, and before a
 * head named it, leaves it. The owner that was replaced may stand still between the two, and name it yet: its texts are left for the next claim,
 * and those of claims at the same time with it; so is a head that says that its key was removed. Where a head or what was set aside cannot be read
 * nobody knows what it names, and no text is removed, nor a head of that key; and nothing at all where another claim has come, which may name more.
 * `where` knows the heads that are left.
 */
export async function sweep(
  storage: KeyValue,
  places: Places,
  owner: Ownership,
  where: HeadPlaces,
): Promise<void> {
  try {
    const heads = await readAllHeads(storage, where)
    const named = heads.size < where.size ? undefined : await namedBy(storage, places, owner.all, heads)
    await owner.check()
    await removeReplaced(storage, places, owner.all, owner.epoch, heads)
    for (const [key, [newest]] of heads) {
      if (newest === undefined) continue
      where.set(key, [newest.place])
      if (newest.head.kept.length > 0 || newest.head.epoch >= owner.replaced) continue
      await storage.remove(newest.place)
      where.delete(key)
    }
    if (named === undefined) return
    for (const place of owner.all) {
      if (!place.startsWith(places.texts) || named.has(place)) continue
      const [, epoch] = PART.exec(place.slice(places.texts.length)) ?? []
      if (epoch !== undefined && Number(epoch) < owner.replaced) await storage.remove(place)
    }
    // What cannot be removed now is removed by a later claim.
  } catch {}
}

/** Where the texts lie that the heads that count, or what was set aside, name; undefined where that cannot be read. */
async function namedBy(
  storage: KeyValue,
  places: Places,
  all: readonly string[],
  heads: ReadHeads,
): Promise<ReadonlySet<string> | undefined> {
  const counting: Summary[] = [...heads.values()].flatMap(([newest]) => newest?.head.kept ?? [])
  const asides = all.filter((place) => place.startsWith(places.asides))
  try {
    const found = await Promise.all(asides.map((place) => readAside(storage, place)))
    const summaries = [...counting, ...found.filter((one) => one !== undefined)]
    return new Set(summaries.flatMap((one) => placesOf(places, one)))
  } catch {
    return undefined
  }
}

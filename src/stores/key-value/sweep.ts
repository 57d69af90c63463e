import type { Ownership } from './owner.js'
import type { KeyValue } from './port.js'
import { type Places, readAside, type Summary } from './records.js'
import { type ReadHeads, removeReplaced } from './replaced.js'
import { placesOf } from './texts.js'

/** What stands behind the prefix of texts in the place of a part of this format, with the epoch of who wrote it. */
const PART = /^(\d+)-\d+(?:-[\da-z]+)?:\d+$/

/**
 * Removes the texts that nothing names, and the heads and marks that count no more: an owner that died after it had written a text, and before a
 * head named it, leaves it. The owner that was replaced may stand still between the two, and name it yet: its texts are left for the next claim,
 * and those of claims at the same time with it; so is a head that says that its key was removed. Where a head or what was set aside cannot be read
 * nobody knows what it names, and no text is removed, nor a head of that key; and nothing at all where another claim has come, which may name more.
 * `heads` are all that could be read, and `areAll` says whether there are no others.
 */
export async function sweep(
  storage: KeyValue,
  places: Places,
  owner: Ownership,
  heads: ReadHeads,
  areAll: boolean,
): Promise<void> {
  try {
    const named = areAll ? await namedBy(storage, places, owner.all, heads) : undefined
    await owner.check()
    await removeReplaced(storage, places, owner.all, owner.epoch, heads)
    for (const [newest] of heads.values()) {
      if (newest === undefined || newest.head.kept.length > 0 || newest.head.epoch >= owner.replaced) continue
      await storage.remove(newest.place)
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

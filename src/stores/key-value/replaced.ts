import { type Found, type HeadPlaces, readHeads } from './heads.js'
import type { KeyValue } from './port.js'
import type { Places } from './records.js'

/** The heads of each key, newest first; of those keys of which one cannot be read, nothing. */
export type ReadHeads = ReadonlyMap<string, readonly Found[]>

export async function readAllHeads(storage: KeyValue, where: HeadPlaces): Promise<ReadHeads> {
  const read = new Map<string, readonly Found[]>()
  const reading = [...where].map(async ([key, at]) => {
    try {
      read.set(key, await readHeads(storage, key, at))
      // What this key has left stays as it is.
    } catch {}
  })
  await Promise.all(reading)
  return read
}

/** Removes what no claim goes by any more: the heads of a key but the newest, and the marks of the claims before this epoch. */
export async function removeReplaced(
  storage: KeyValue,
  places: Places,
  all: readonly string[],
  epoch: number,
  heads: ReadHeads,
): Promise<void> {
  for (const [, ...over] of heads.values()) {
    for (const { place } of over) await storage.remove(place)
  }
  for (const mark of marksIn(places, all)) {
    if (mark.epoch < epoch) await storage.remove(mark.place)
  }
}

/** What claims have left. */
export function marksIn({ marks }: Places, all: readonly string[]) {
  return all
    .filter((place) => place.startsWith(marks))
    .map((place) => {
      const [epoch, id] = place.slice(marks.length).split(':')
      return { place, epoch: Number(epoch), id }
    })
}

import type { KeyValue } from './port.js'
import { type Head, type Places, readHead } from './records.js'

/**
 * Where the heads of each key lie. Each claim writes its own, so one that stands still between the question whether it is the owner and its
 * writing does no harm to what another has written meanwhile.
 */
export type HeadPlaces = Map<string, readonly string[]>

/** Where the heads lie of the keys that have one. */
export function headPlaces(places: Places, all: readonly string[]): HeadPlaces {
  const found = new Map<string, string[]>()
  for (const place of all) {
    const key = keyOf(places, place)
    if (key === undefined) continue
    const known = found.get(key)
    if (known === undefined) found.set(key, [place])
    else known.push(place)
  }
  return found
}

function keyOf({ heads, formerHeads }: Places, place: string): string | undefined {
  // The epoch stands before the key, which may have any character.
  if (place.startsWith(heads)) return place.slice(place.indexOf(':', heads.length) + 1)
  const former = formerHeads.find((prefix) => place.startsWith(prefix))
  return former === undefined ? undefined : place.slice(former.length)
}

/** A head, and where it lies. */
export interface Found {
  readonly place: string
  readonly head: Head
}

/** The heads of a key that are there, that of the newest claim first: it alone counts. */
export async function readHeads(
  storage: KeyValue,
  key: string,
  where: readonly string[],
): Promise<readonly Found[]> {
  const heads = await Promise.all(
    where.map(async (place) => ({ place, head: await readHead(storage, place, key) })),
  )
  const there = heads.flatMap(({ place, head }) => (head === undefined ? [] : [{ place, head }]))
  return there.sort((one, other) => other.head.epoch - one.head.epoch)
}

import type { KeyValue } from './port.js'
import { type Head, type Places, readHead, type Summary } from './records.js'

/**
 * The two heads of a key. Each claim writes and removes those of its own parity only, so one that stands still between the question whether it
 * is the owner and its writing does no harm to what the next claim has written meanwhile.
 */
export interface Heads {
  /** Where a claim of this epoch writes. */
  readonly own: Head | undefined
  readonly other: Head | undefined
}

/** @throws {StoreDamagedError} what lies there is none */
export async function readHeads(
  storage: KeyValue,
  places: Places,
  key: string,
  epoch: number,
): Promise<Heads> {
  const [own, other] = await Promise.all([
    readHead(storage, places, key, epoch),
    readHead(storage, places, key, epoch + 1),
  ])
  return { own, other }
}

/** The checkpoints that count: those of the head that the newer claim wrote. */
export function keptOf({ own, other }: Heads): readonly Summary[] {
  if (own === undefined || other === undefined) return (own ?? other)?.kept ?? []
  return (own.epoch > other.epoch ? own : other).kept
}

/** The checkpoints of a key that count, newest first. */
export async function readKept(storage: KeyValue, places: Places, key: string): Promise<readonly Summary[]> {
  return keptOf(await readHeads(storage, places, key, 0))
}

/** The keys that have a head, in no order. */
export function keysOf(places: Places, all: readonly string[]): string[] {
  const keys = places.heads.flatMap((prefix) =>
    all.filter((place) => place.startsWith(prefix)).map((place) => place.slice(prefix.length)),
  )
  return [...new Set(keys)]
}

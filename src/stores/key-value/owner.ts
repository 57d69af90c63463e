import { StaleEpochError } from '../../errors/store.js'
import { headPlaces } from './heads.js'
import type { KeyValue } from './port.js'
import { FORMAT, ownerOf, type Places, readOwner } from './records.js'
import { marksIn, readAllHeads, removeReplaced } from './replaced.js'

/** Who owns the store by its own record. */
export interface Ownership {
  readonly epoch: number
  /** Nobody else has it. */
  readonly id: string
  /** Of the owner that it has found, who may stand still, and go on. */
  readonly replaced: number
  /** All keys of the storage since it is the owner. */
  readonly all: readonly string[]
  /** @throws {StaleEpochError} this is not the newest claim any more */
  check(): Promise<void>
  /** Sets a text, or removes it, as long as this is the newest claim. @throws {StaleEpochError} */
  set(place: string, text: string | undefined): Promise<void>
}

/**
 * Takes the next epoch, which no other claim that writes anything has. Two claims at once may find the same owner, and one may stand still before it
 * takes that one's place; so each leaves a mark with its epoch behind that, and then looks for those of others. Who was the owner with its mark
 * written, before this one was, is found then, and a greater epoch is taken; who had not written it yet writes nothing else any more.
 */
export async function takeOver(
  storage: KeyValue,
  places: Places,
  pid: number,
  now: () => number,
): Promise<Ownership> {
  const { owner } = places
  // All of one length: who claims a full storage needs no more room than the one before.
  const id = Math.random().toString(36).slice(2, 12).padEnd(10, '0')
  let replaced: number | undefined
  for (let newest = 0; ; ) {
    const was = await storage.get(owner)
    const found = ownerOf(storage, places, was)?.epoch ?? 0
    replaced ??= found
    const epoch = Math.max(newest, found) + 1
    const text = JSON.stringify({ format: FORMAT, epoch, pid, claimedAtMs: now(), id })
    if (!(await storage.setWhile({ key: owner, text: was }, owner, text))) continue
    await leaveMark(storage, places, epoch, id)
    const all = await storage.keys()
    newest = Math.max(...marksIn(places, all).map((mark) => (mark.id === id ? 0 : mark.epoch)))
    // Who is the owner no more writes nothing, whatever its epoch.
    if (newest >= epoch && (await storage.get(owner)) === text) continue
    const guard = { key: owner, text }
    const stale = async () => new StaleEpochError(epoch, (await readOwner(storage, places))?.epoch ?? 0)
    return {
      epoch,
      id,
      replaced,
      all,
      async check() {
        if ((await storage.get(owner)) !== text) throw await stale()
      },
      async set(place, written) {
        if (!(await storage.setWhile(guard, place, written))) throw await stale()
      },
    }
  }
}

/** A storage without room for the mark has it again without those of the claims before, and the heads that count no more. */
async function leaveMark(storage: KeyValue, places: Places, epoch: number, id: string): Promise<void> {
  const mark = () => storage.set(places.mark(epoch, id), 'claimed')
  try {
    await mark()
  } catch {
    const all = await storage.keys()
    await removeReplaced(storage, places, all, epoch, await readAllHeads(storage, headPlaces(places, all)))
    await mark()
  }
}

import { StaleEpochError } from '../../errors/store.js'
import type { KeyValue } from './port.js'
import { FORMAT, ownerOf, type Places, readOwner } from './records.js'

/** Who owns the store by its own record. */
export interface Ownership {
  readonly epoch: number
  /** Nobody else has it, not even one that has taken the same epoch at the same time. */
  readonly id: string
  /** @throws {StaleEpochError} this is not the newest claim any more */
  check(): Promise<void>
  /** Sets a text, or removes it, as long as this is the newest claim. @throws {StaleEpochError} */
  set(place: string, text: string | undefined): Promise<void>
}

/** Takes the next epoch. */
export async function takeOver(
  storage: KeyValue,
  places: Places,
  pid: number,
  now: () => number,
): Promise<Ownership> {
  const { owner } = places
  const id = Math.random().toString(36).slice(2)
  for (;;) {
    const was = await storage.get(owner)
    const epoch = (ownerOf(storage, places, was)?.epoch ?? 0) + 1
    const text = JSON.stringify({ format: FORMAT, epoch, pid, claimedAtMs: now(), id })
    if (!(await storage.setWhile({ key: owner, text: was }, owner, text))) continue
    const guard = { key: owner, text }
    const stale = async () => new StaleEpochError(epoch, (await readOwner(storage, places))?.epoch ?? 0)
    return {
      epoch,
      id,
      async check() {
        if ((await storage.get(owner)) !== text) throw await stale()
      },
      async set(place, written) {
        if (!(await storage.setWhile(guard, place, written))) throw await stale()
      },
    }
  }
}

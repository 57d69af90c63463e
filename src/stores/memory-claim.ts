import { SequenceError, StaleEpochError } from '../errors/store.js'
import type { CommitOutcome, CommitRequest, StoreClaim, StoredCheckpoint } from '../ports/store.js'
import { checkKey, keepable, requestError } from './keys.js'
import { latch } from './latch.js'
import { readShelf, type Shelf } from './memory-shelf.js'
import type { ResolvedStoreOptions } from './options.js'

const ACCEPTED: CommitOutcome = { ok: true }

/** Takes the shelf; the caller has seen that nobody holds it. */
export function claimShelf(shelf: Shelf, location: string, options: ResolvedStoreOptions): StoreClaim {
  const { keep, now } = options
  const epoch = (shelf.owner?.epoch ?? 0) + 1
  // Outside Node there is no process, and 0 is nobody's.
  shelf.owner = { epoch, pid: globalThis.process?.pid ?? 0, claimedAtMs: now() }
  shelf.held = true
  const { check, close } = latch(location)
  const { load, history, list, quarantined, owner } = readShelf(shelf, check)

  const checkOwned = () => {
    check()
    const currentEpoch = shelf.owner?.epoch ?? 0
    if (currentEpoch !== epoch) throw new StaleEpochError(epoch, currentEpoch)
  }

  return {
    // Named one by one: what follows a spread gives each claim hidden classes of its own, which last until a full collection.
    load,
    history,
    list,
    quarantined,
    owner,
    epoch,
    async commit(batch) {
      checkOwned()
      return batch.map((request) => commitOne(shelf, request, epoch, keep))
    },
    async quarantine(key, sequence, reason) {
      checkOwned()
      checkKey(key)
      const kept = shelf.checkpoints.get(key) ?? []
      const bad = kept.find((checkpoint) => checkpoint.sequence === sequence)
      if (bad === undefined) return
      shelf.quarantined = [...shelf.quarantined, { ...bad, reason: keepable(reason), quarantinedAtMs: now() }]
      const rest = kept.filter((checkpoint) => checkpoint !== bad)
      if (rest.length > 0) shelf.checkpoints.set(key, rest)
      else forget(shelf, key)
    },
    async remove(key) {
      checkOwned()
      checkKey(key)
      shelf.quarantined = shelf.quarantined.filter((checkpoint) => checkpoint.key !== key)
      forget(shelf, key)
    },
    async close() {
      if (close() && shelf.owner?.epoch === epoch) shelf.held = false
    },
  }
}

function commitOne(shelf: Shelf, request: CommitRequest, epoch: number, keep: number): CommitOutcome {
  const error = requestError(request)
  if (error !== undefined) return { ok: false, error }
  const { key, service, version, sequence, savedAtMs, phase, wakeAtMs, text } = request
  const kept = shelf.checkpoints.get(key)
  const stored = kept?.[0]?.sequence ?? 0
  if (sequence !== stored + 1) {
    return { ok: false, error: new SequenceError(sequence, stored, { key, service }) }
  }
  if (kept === undefined) shelf.sortedKeys = undefined
  // A fresh array, because `history` has handed out the old one.
  const stamped = { key, service, version, sequence, epoch, savedAtMs, phase, wakeAtMs, text }
  const next: StoredCheckpoint[] = [stamped]
  for (let index = 0; kept !== undefined && index < kept.length; index++) {
    const older = kept[index]
    if (older === undefined || older.sequence <= sequence - keep) break
    next.push(older)
  }
  shelf.checkpoints.set(key, next)
  return ACCEPTED
}

function forget(shelf: Shelf, key: string): void {
  shelf.checkpoints.delete(key)
  shelf.sortedKeys = undefined
}

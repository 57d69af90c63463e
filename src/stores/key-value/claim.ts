import { SequenceError, StaleEpochError } from '../../errors/store.js'
import type { CommitOutcome, CommitRequest, StoreClaim } from '../../ports/store.js'
import { checkKey, keepable, requestError } from '../keys.js'
import { latch } from '../latch.js'
import type { ResolvedStoreOptions } from '../options.js'
import { failureOf } from './failures.js'
import { headPlaces, readHeads } from './heads.js'
import { takeOver } from './owner.js'
import type { KeyValue } from './port.js'
import { readerOf } from './reader.js'
import {
  type Aside,
  type Head,
  type Places,
  readAside,
  readHead,
  type Summary,
  summaryOf,
} from './records.js'
import { readAllHeads } from './replaced.js'
import { sweep } from './sweep.js'
import { partsOf, removeText } from './texts.js'

const ACCEPTED: CommitOutcome = { ok: true }

/**
 * Takes the next epoch and gives the claim; `release` gives the place back.
 *
 * The storage has no transactions: texts are written first, and count when the head of their key names them, in one write. So each
 * checkpoint is there whole or not at all, by itself. What was written is acknowledged when this is the newest claim even after it: whoever
 * claims later reads what is there later, and finds it. What no head names any more is removed after that, since a claim that came before may
 * still go on from it.
 */
export async function claimStorage(
  storage: KeyValue,
  places: Places,
  pid: number,
  { keep, now }: ResolvedStoreOptions,
  release: () => void,
): Promise<StoreClaim> {
  const owner = await takeOver(storage, places, pid, now)
  const { epoch } = owner
  const where = headPlaces(places, owner.all)
  /** As they were when this was the owner: what another writes late, also into a head that was there, counts no more. */
  const heads = await readAllHeads(storage, where)
  await sweep(storage, places, owner, heads, heads.size === where.size)
  const { check, close } = latch(storage.name)
  let writes = 0
  /** The checkpoints that count, newest first. */
  const known = new Map<string, readonly Summary[]>()
  /** The keys of which this claim may have a head. */
  const own = new Set<string>()
  /** Whose texts no head names any more. */
  const unnamed: Summary[] = []
  /** What is written, one after another. */
  let last: Promise<unknown> = Promise.resolve()

  /** Runs the work when all before it is over, for as long as this is the newest claim. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(async () => {
      await owner.check()
      const done = await work()
      await owner.check()
      await prune()
      return done
    })
    last = turn.catch(() => known.clear())
    return turn.catch((cause) => {
      throw failureOf(storage.name, cause)
    })
  }

  async function keptOf(key: string): Promise<readonly Summary[]> {
    const kept = known.get(key) ?? (await counting(key))
    known.set(key, kept)
    return kept
  }

  /** @throws {StaleEpochError} a newer claim has removed its head */
  async function counting(key: string): Promise<readonly Summary[]> {
    if (own.has(key)) {
      const head = await readHead(storage, places.head(key, epoch), key)
      if (head !== undefined) return head.kept
      await owner.check()
    }
    const [newest] = heads.get(key) ?? (await readHeads(storage, key, where.get(key) ?? []))
    return newest?.head.kept ?? []
  }

  /** Who has lost the store reads what the newer claim has left. */
  async function countingYet(key: string): Promise<readonly Summary[] | undefined> {
    try {
      return await counting(key)
    } catch (cause) {
      if (cause instanceof StaleEpochError) return undefined
      throw cause
    }
  }

  /**
   * Makes a new list of checkpoints the one that counts. What an earlier claim has written, or writes late, is not this claim's to remove: an
   * empty head says that it counts no more.
   */
  async function setKept(key: string, kept: Head['kept']): Promise<void> {
    const place = places.head(key, epoch)
    const head = kept.length === 0 && epoch === 1 ? undefined : { epoch, kept }
    own.add(key)
    await owner.set(place, head && JSON.stringify(head satisfies Head))
    known.set(key, kept)
  }

  async function commitOne(request: CommitRequest): Promise<CommitOutcome> {
    const error = requestError(request)
    if (error !== undefined) return { ok: false, error }
    const { key, service, sequence, text } = request
    const before = await keptOf(key)
    const stored = before[0]?.sequence ?? 0
    if (sequence !== stored + 1) {
      return { ok: false, error: new SequenceError(sequence, stored, { key, service }) }
    }
    const parts = partsOf(text, storage.longest)
    const summary = summaryOf({ ...request, epoch }, `${epoch}-${++writes}-${owner.id}`, parts.length)
    const kept = [summary, ...before].filter((one) => one.sequence > sequence - keep)
    try {
      for (const [part, piece] of parts.entries()) await storage.set(places.text(summary, part), piece)
      await setKept(key, kept)
    } catch (cause) {
      await takeBack(key, summary)
      throw cause
    }
    unnamed.push(...before.filter((old) => !kept.includes(old)))
    return ACCEPTED
  }

  /** Removes the text of a commit that failed; what cannot be removed is left for the claim after the next. */
  async function takeBack(key: string, summary: Summary): Promise<void> {
    try {
      // A head may have been written though its writing was told as failed.
      const head = await readHead(storage, places.head(key, epoch), key)
      // Another claim may have gone on from it, and have removed it since.
      await owner.check()
      if (!head?.kept.some(({ id }) => id === summary.id)) await removeText(storage, places, summary)
    } catch {}
  }

  /** The checkpoint is written: a text that cannot be removed is left for the next commit. */
  async function prune(): Promise<void> {
    try {
      for (let [old] = unnamed; old !== undefined; [old] = unnamed) {
        await removeText(storage, places, old)
        unnamed.shift()
      }
    } catch {}
  }

  /** Where nothing is written yet, a failure is that of the whole batch; else of this request alone. */
  async function commitAll(batch: readonly CommitRequest[]): Promise<readonly CommitOutcome[]> {
    const outcomes: CommitOutcome[] = []
    for (const request of batch) {
      try {
        outcomes.push(await commitOne(request))
      } catch (cause) {
        if (!outcomes.some(({ ok }) => ok)) throw cause
        known.delete(request.key)
        outcomes.push({ ok: false, error: failureOf(storage.name, cause, request.key) })
      }
    }
    return outcomes
  }

  return {
    ...readerOf(storage, places, check, countingYet),
    epoch,
    async commit(batch) {
      check()
      return inTurn(() => commitAll(batch))
    },
    async quarantine(key, sequence, reason) {
      check()
      checkKey(key)
      await inTurn(async () => {
        const kept = await keptOf(key)
        const bad = kept.find((one) => one.sequence === sequence)
        if (bad === undefined) return
        const aside: Aside = { ...bad, key, reason: keepable(reason), quarantinedAtMs: now() }
        // It is aside before it is gone: a crash between the two leaves it in both, and no call of this leaves it twice.
        await storage.set(places.aside(bad), JSON.stringify(aside))
        await setKept(
          key,
          kept.filter((one) => one !== bad),
        )
      })
    },
    async remove(key) {
      check()
      checkKey(key)
      await inTurn(async () => {
        const kept = await keptOf(key)
        await setKept(key, [])
        unnamed.push(...kept)
        for (const place of await storage.keys()) {
          if (!place.startsWith(places.asides)) continue
          const aside = await readAside(storage, place)
          if (aside?.key !== key) continue
          // It was there when this was still the owner: it is not what another has set aside meanwhile.
          await owner.set(place, undefined)
          unnamed.push(aside)
        }
      })
    },
    async close() {
      if (!close()) return
      await last
      release()
    },
  }
}

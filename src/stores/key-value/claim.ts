import { SequenceError, StaleEpochError } from '../../errors/store.js'
import type { CommitOutcome, CommitRequest, StoreClaim } from '../../ports/store.js'
import { checkKey, keepable, requestError } from '../keys.js'
import { latch } from '../latch.js'
import type { ResolvedStoreOptions } from '../options.js'
import { failureOf } from './failures.js'
import type { KeyValue } from './port.js'
import { readerOf } from './reader.js'
import {
  type Aside,
  FORMAT,
  type Head,
  type Places,
  readAside,
  readHead,
  readOwner,
  summaryOf,
} from './records.js'
import { sweep } from './sweep.js'
import { partsOf, removeText } from './texts.js'

const ACCEPTED: CommitOutcome = { ok: true }

/**
 * Takes the next epoch and gives the claim; `release` gives the place back.
 *
 * The storage has no transactions: texts are written first, and count when the head of their key names them, in one write. So each
 * checkpoint is there whole or not at all, by itself.
 */
export async function claimStorage(
  storage: KeyValue,
  places: Places,
  pid: number,
  { keep, now }: ResolvedStoreOptions,
  release: () => void,
): Promise<StoreClaim> {
  const epoch = ((await readOwner(storage, places))?.epoch ?? 0) + 1
  await storage.set(places.owner, JSON.stringify({ format: FORMAT, epoch, pid, claimedAtMs: now() }))
  await sweep(storage, places)
  const { check, close } = latch(storage.name)
  let writes = 0
  const heads = new Map<string, Head | undefined>()
  /** Whose texts no head names any more. */
  const unnamed: Head['kept'][number][] = []
  /** What is written, one after another. */
  let last: Promise<unknown> = Promise.resolve()

  /** @throws {StaleEpochError} this is not the newest claim any more */
  async function checkOwner(): Promise<void> {
    const current = (await readOwner(storage, places))?.epoch ?? 0
    if (current !== epoch) throw new StaleEpochError(epoch, current)
  }

  /** Runs the work when all before it is over, for as long as this is the newest claim. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(async () => {
      await checkOwner()
      return work()
    })
    last = turn.catch(() => heads.clear())
    return turn.catch((cause) => {
      throw failureOf(storage.name, cause)
    })
  }

  async function headOf(key: string): Promise<Head | undefined> {
    if (!heads.has(key)) heads.set(key, await readHead(storage, places, key))
    return heads.get(key)
  }

  /** Makes a new list of checkpoints the one that counts. */
  async function setHead(key: string, kept: Head['kept']): Promise<void> {
    if (kept.length === 0) await storage.remove(places.head(key))
    else await storage.set(places.head(key), JSON.stringify({ kept } satisfies Head))
    heads.set(key, kept.length === 0 ? undefined : { kept })
  }

  async function commitOne(request: CommitRequest): Promise<CommitOutcome> {
    const error = requestError(request)
    if (error !== undefined) return { ok: false, error }
    const { key, service, sequence, text } = request
    const before = (await headOf(key))?.kept ?? []
    const stored = before[0]?.sequence ?? 0
    if (sequence !== stored + 1) {
      return { ok: false, error: new SequenceError(sequence, stored, { key, service }) }
    }
    const parts = partsOf(text, storage.longest)
    const summary = summaryOf({ ...request, epoch }, `${epoch}-${++writes}`, parts.length)
    const kept = [summary, ...before].filter((one) => one.sequence > sequence - keep)
    try {
      for (const [part, piece] of parts.entries()) await storage.set(places.text(summary, part), piece)
      // A claim that came meanwhile has removed what no head names.
      await checkOwner()
      await setHead(key, kept)
    } catch (cause) {
      await takeBack(key, summary)
      throw cause
    }
    unnamed.push(...before.filter((old) => !kept.includes(old)))
    await prune()
    return ACCEPTED
  }

  /** Removes the text of a commit that failed; what cannot be removed is left for the next claim. */
  async function takeBack(key: string, summary: Head['kept'][number]): Promise<void> {
    try {
      // A head may have been written though its writing was told as failed.
      const head = await readHead(storage, places, key)
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
        heads.delete(request.key)
        outcomes.push({ ok: false, error: failureOf(storage.name, cause, request.key) })
      }
    }
    return outcomes
  }

  return {
    ...readerOf(storage, places, check),
    epoch,
    async commit(batch) {
      check()
      return inTurn(() => commitAll(batch))
    },
    async quarantine(key, sequence, reason) {
      check()
      checkKey(key)
      await inTurn(async () => {
        const kept = (await headOf(key))?.kept ?? []
        const bad = kept.find((one) => one.sequence === sequence)
        if (bad === undefined) return
        const aside: Aside = { ...bad, key, reason: keepable(reason), quarantinedAtMs: now() }
        // It is aside before it is gone: a crash between the two leaves it in both, and no call of this leaves it twice.
        await storage.set(places.aside(bad), JSON.stringify(aside))
        await setHead(
          key,
          kept.filter((one) => one !== bad),
        )
      })
    },
    async remove(key) {
      check()
      checkKey(key)
      await inTurn(async () => {
        const kept = (await headOf(key))?.kept ?? []
        await setHead(key, [])
        for (const one of kept) await removeText(storage, places, one)
        for (const place of await storage.keys()) {
          if (!place.startsWith(places.asides)) continue
          const aside = await readAside(storage, place)
          if (aside?.key !== key) continue
          await storage.remove(place)
          await removeText(storage, places, aside)
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

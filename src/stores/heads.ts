import { SequenceError } from '../errors/store.js'
import type { CommitOutcome, CommitRequest } from '../ports/store.js'
import { requestError } from './keys.js'

const ACCEPTED: CommitOutcome = { ok: true }

/** Most sequences remembered. */
const MOST_HEADS = 100_000

/** By key, the sequence of its newest checkpoint; 0 without one. */
export type Newest = ReadonlyMap<string, number>

/**
 * The newest sequences: only the owner writes, so they stay true for as long as its epoch is the newest. Of a key, one batch at a time.
 *
 * @param read gives the stored sequences of these keys, in their order; undefined where there is none
 */
export function headsOf(
  read: (keys: readonly string[]) => Promise<readonly (number | undefined)[]>,
  most = MOST_HEADS,
) {
  const heads = new Map<string, number>()

  /** Those of a batch are its own: what becomes of another meanwhile takes none of them away. */
  async function take(keys: ReadonlySet<string>): Promise<Map<string, number>> {
    const taken = new Map<string, number>()
    const unknown: string[] = []
    for (const key of keys) {
      const known = heads.get(key)
      if (known === undefined) unknown.push(key)
      else taken.set(key, known)
      // Until it is known what has come of the batch; of what failed the store is asked.
      heads.delete(key)
    }
    const found = unknown.length === 0 ? [] : await read(unknown)
    for (const [index, key] of unknown.entries()) taken.set(key, found[index] ?? 0)
    return taken
  }

  function outcomeOf(request: CommitRequest, newest: Map<string, number>): CommitOutcome {
    const error = requestError(request)
    if (error !== undefined) return { ok: false, error }
    const { key, service, sequence } = request
    const stored = newest.get(key) ?? 0
    if (sequence !== stored + 1)
      return { ok: false, error: new SequenceError(sequence, stored, { key, service }) }
    newest.set(key, sequence)
    return ACCEPTED
  }

  return {
    /** Decides on each request of a batch by what is stored, and writes what is accepted: all of that, or it throws. */
    async commit(
      batch: readonly CommitRequest[],
      write: (accepted: readonly CommitRequest[], newest: Newest, before: Newest) => Promise<void>,
    ): Promise<readonly CommitOutcome[]> {
      const sound = batch.filter((one) => requestError(one) === undefined)
      const before = await take(new Set(sound.map(({ key }) => key)))
      const newest = new Map(before)
      const outcomes = batch.map((request) => outcomeOf(request, newest))
      await write(
        batch.filter((_, index) => outcomes[index]?.ok),
        newest,
        before,
      )
      if (heads.size + newest.size > most) heads.clear()
      for (const [key, sequence] of newest) heads.set(key, sequence)
      return outcomes
    },
    /** Of what another way than a commit has changed, the store is asked. */
    forget(key: string): void {
      heads.delete(key)
    },
  }
}

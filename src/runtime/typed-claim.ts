import { type ErrorFacts, TardigradeError } from '../errors/base.js'
import { StoreFailedError } from '../errors/store.js'
import { copyWithFacts } from '../errors/with-facts.js'
import type { CommitOutcome, CommitRequest, Store, StoreClaim } from '../ports/store.js'

/** A claim that tells nothing but errors of this library. */
export interface TypedClaim extends StoreClaim {
  readonly warning: TardigradeError | undefined
  /** Whether the store is this claim's: no, where there is a newer one, or the store was closed or cannot be asked. */
  isCurrent(): Promise<boolean>
  readonly lost: Promise<TardigradeError> | undefined
}

/**
 * Claims the store, and has all that its claim rejects with told in errors of this library: a store of another
 * author may throw whatever its driver does, and nobody could tell from that which store it was.
 *
 * @param options `signal`: ends the waiting for it
 * @throws {StoreLockedError} and the store's other errors; {StoreFailedError} for one that is none of ours
 */
export async function claimStore(
  store: Store,
  options?: { readonly signal: AbortSignal },
): Promise<TypedClaim> {
  const typed = async <T>(facts: ErrorFacts, run: () => Promise<T>): Promise<T> => {
    try {
      return await run()
    } catch (cause) {
      throw storeError(store, cause, facts)
    }
  }
  const claim = await typed({}, () => store.claim(options))
  return {
    // No getter: an object with one of its own has a shape of its own, which keeps it until a full collection.
    epoch: claim.epoch,
    warning: claim.warning && storeError(store, claim.warning),
    lost: claim.lost?.then((why) => storeError(store, why)),
    load: (key) => typed({ key }, () => claim.load(key)),
    history: (key) => typed({ key }, () => claim.history(key)),
    list: (page) => typed({}, () => claim.list(page)),
    quarantined: () => typed({}, () => claim.quarantined()),
    owner: () => typed({}, () => claim.owner()),
    quarantine: (key, sequence, reason) => typed({ key }, () => claim.quarantine(key, sequence, reason)),
    remove: (key) => typed({ key }, () => claim.remove(key)),
    close: () => typed({}, () => claim.close()),
    isCurrent: async () => (await claim.owner().catch(() => undefined))?.epoch === claim.epoch,
    commit: (batch) => commitTyped(store, claim, batch),
  }
}

async function commitTyped(
  store: Store,
  claim: StoreClaim,
  batch: readonly CommitRequest[],
): Promise<readonly CommitOutcome[]> {
  // What rejects for the whole batch is told to each service as its own.
  const failed = (cause: unknown, { service, key }: CommitRequest): CommitOutcome => {
    const error = storeError(store, cause, { service, key })
    return { ok: false, error: copyWithFacts(error, { service, key }) }
  }
  try {
    const outcomes = await claim.commit(batch)
    return batch.map((request, index) => {
      const outcome = outcomes[index]
      if (outcome === undefined) return failed(new Error('it gave no outcome for this request'), request)
      return outcome.ok ? outcome : failed(outcome.error, request)
    })
  } catch (cause) {
    return batch.map((request) => failed(cause, request))
  }
}

function storeError(store: Store, cause: unknown, facts?: ErrorFacts): TardigradeError {
  return cause instanceof TardigradeError ? cause : new StoreFailedError(store.location, { ...facts, cause })
}

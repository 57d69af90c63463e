import { StoreFullError } from '../../errors/store.js'
import type { CommitOutcome, CommitRequest, Store, StoreClaim } from '../../ports/store.js'
import { memoryStore } from '../../stores/memory.js'
import { ticks } from './clock.js'

/** What a commit meets. */
export type CommitFate = 'written' | 'death-before' | 'torn' | 'death-after' | 'refusal' | 'full' | 'slow'

/** Turns of the promise queue that a slow commit takes. */
const SLOW_TICKS = 60

/** The time in which one owner holds the store. */
export interface OwnerLife {
  /** How many of its commits were written. */
  readonly written: number
  /** kill -9: nothing more of this owner is written, and nothing it asked is answered. */
  end(): void
}

/** A store whose owners can die and can be robbed of it, with commits that meet what they are told to. */
export interface MortalStore extends Store {
  /** Ends the life of the newest owner. */
  kill(): void
  /** The newest owner's. */
  readonly life: OwnerLife
  /** What the next commit meets; those after it are written again. */
  next(fate: CommitFate): void
  /** What the commit with this number meets, counting all from 1. */
  at(commit: number, fate: CommitFate): void
  /** What those commits meet that are still to come. */
  fates: Map<number, CommitFate>
  /** A commit was tried in another process, and this became of it. */
  heard(told: string): void
  /** How many commits were tried. */
  readonly commits: number
  /** Whether half a record lies there as the newest; whoever has dealt with it says so. */
  torn: boolean
  /** Whether a commit was refused; likewise. */
  refused: boolean
  /** Hears what became of each commit. */
  onCommit: ((told: string) => void) | undefined
  /** Called where a fate has killed the owner. */
  onDeath: ((life: OwnerLife) => void) | undefined
}

/** Nobody answers a process that has died. Each asks anew: a promise that all wait for would remember them all. */
const never = () => new Promise<never>(() => {})

class Life implements OwnerLife {
  lasts = true
  written = 0

  end(): void {
    this.lasts = false
  }

  /** The answer, while it lives. */
  asks<T>(answer: () => Promise<T>): Promise<T> {
    return this.lasts ? answer() : never()
  }
}

/** A store whose owner can die: what it had not committed by then is never written, and never answered. */
export function mortalStore(
  inner: Store & { loseLock?(): void } = memoryStore({ keep: 10 }),
  commits = 0,
): MortalStore {
  const store: Omit<MortalStore, 'life' | 'commits'> & { life: Life; commits: number } = {
    location: 'mortal',
    durability: 'none',
    life: new Life(),
    commits,
    fates: new Map(),
    heard(told) {
      store.commits++
      store.fates.delete(store.commits)
      store.onCommit?.(told)
    },
    torn: false,
    refused: false,
    onCommit: undefined,
    onDeath: undefined,
    read: () => inner.read(),
    kill: () => store.life.end(),
    next: (fate) => void store.fates.set(store.commits + 1, fate),
    at: (commit, fate) => void store.fates.set(commit, fate),
    async claim() {
      // Whoever held it may have died, or lost it without knowing.
      inner.loseLock?.()
      const claim = await inner.claim()
      const life = new Life()
      store.life = life
      return mortalClaim(claim, life, (batch) => {
        store.commits++
        const fate = store.fates.get(store.commits) ?? 'written'
        store.fates.delete(store.commits)
        return meet(store, claim, life, batch, fate)
      })
    },
  }
  return store
}

function mortalClaim(claim: StoreClaim, life: Life, commit: StoreClaim['commit']): StoreClaim {
  return {
    epoch: claim.epoch,
    load: (key) => life.asks(() => claim.load(key)),
    history: (key) => life.asks(() => claim.history(key)),
    list: (page) => life.asks(() => claim.list(page)),
    quarantined: () => life.asks(() => claim.quarantined()),
    owner: () => life.asks(() => claim.owner()),
    quarantine: (key, sequence, why) => life.asks(() => claim.quarantine(key, sequence, why)),
    remove: (key) => life.asks(() => claim.remove(key)),
    close: () => life.asks(() => claim.close()),
    commit: (batch) => life.asks(() => commit(batch)),
  }
}

async function meet(
  store: Pick<MortalStore, 'location' | 'torn' | 'refused' | 'onCommit' | 'onDeath'>,
  claim: StoreClaim,
  life: Life,
  batch: readonly CommitRequest[],
  fate: CommitFate,
): Promise<readonly CommitOutcome[]> {
  const { location, onCommit } = store
  if (fate === 'refusal' || fate === 'full') {
    store.refused = true
    onCommit?.(fate === 'full' ? 'the disk is full' : 'the store refuses it')
    throw fate === 'full' ? new StoreFullError(location) : new Error('the store refuses this commit')
  }
  if (fate === 'slow') await ticks(SLOW_TICKS)
  if (!life.lasts) return never()
  if (fate === 'written' || fate === 'slow') {
    const outcomes = await claim.commit(batch).catch((error: unknown) => {
      onCommit?.('refused, since another process has the store')
      throw error
    })
    life.written++
    onCommit?.(fate === 'slow' ? 'written, slowly' : 'written')
    // It may have died while it waited.
    return life.asks(async () => outcomes)
  }
  if (fate !== 'death-before') await claim.commit(fate === 'torn' ? batch.map(torn) : batch)
  store.torn = fate === 'torn'
  const told = { 'death-before': 'not written', torn: 'half of it is written', 'death-after': 'written' }
  onCommit?.(`${told[fate]}, and the process dies`)
  life.end()
  store.onDeath?.(life)
  return never()
}

/** What is left of a record where the power went in its middle. */
function torn(request: CommitRequest): CommitRequest {
  // Cut before what may be half a character.
  const half = request.text.slice(0, request.text.length >> 1)
  return { ...request, text: half.replace(/[\uD800-\uDBFF]$/, '') }
}

import type { Store, StoreClaim } from '../ports/store.js'
import { memoryStore } from '../stores/memory.js'

const never = new Promise<never>(() => {})

/** What the next commit meets. */
export type CommitFate = 'written' | 'death-before' | 'death-after' | 'refusal'

/** A store whose owner can die, with commits that meet what they are told to. */
export interface MortalStore extends Store {
  /** kill -9: nothing more of this owner is written, and nothing it asked is answered. */
  kill(): void
  /** What the next commit meets; those after it are written again. */
  next(fate: CommitFate): void
}

/** A store whose owner can die: what it had not committed by then is never written, and never answered. */
export function mortalStore(): MortalStore {
  const inner = memoryStore({ keep: 10 })
  const claimed = inner.claim()
  let epoch = 0
  let alive = { now: true }
  let fate: CommitFate = 'written'
  const kill = () => {
    fate = 'written'
    alive.now = false
    alive = { now: true }
  }
  return {
    location: 'mortal',
    durability: 'none',
    read: () => inner.read(),
    kill,
    next(met) {
      fate = met
    },
    async claim() {
      const claim = await claimed
      const life = alive
      epoch++
      const own: StoreClaim = {
        epoch,
        load: (key) => (life.now ? claim.load(key) : never),
        history: (key) => (life.now ? claim.history(key) : never),
        list: (page) => (life.now ? claim.list(page) : never),
        quarantined: () => (life.now ? claim.quarantined() : never),
        owner: () => (life.now ? claim.owner() : never),
        quarantine: (key, sequence, why) => (life.now ? claim.quarantine(key, sequence, why) : never),
        remove: (key) => (life.now ? claim.remove(key) : never),
        // Closing ends no store: the next owner has it.
        close: async () => {},
        commit: (batch) => {
          if (!life.now) return never
          const met = fate
          fate = 'written'
          if (met === 'refusal') return Promise.reject(new Error('the store refuses this commit'))
          if (met === 'death-before') {
            kill()
            return never
          }
          const written = claim.commit(batch)
          if (met === 'written') return written
          kill()
          return never
        },
      }
      return own
    },
  }
}

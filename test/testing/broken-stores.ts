import { type CommitOutcome, StaleEpochError, type Store, type StoreClaim, StoreFullError } from 'tardigrade'
import { type MemoryStore, memoryStore } from 'tardigrade/stores/memory'
import type { MakeStore } from 'tardigrade/testing'

/** A store with a mistake in it, and the cases that must find it. */
export interface BrokenStore {
  /** What it does wrong, as a sentence without its subject. */
  readonly mistake: string
  readonly make: MakeStore
  readonly caughtBy: readonly string[]
}

/** A memory store whose claims do something wrong. */
function claims(change: (claim: StoreClaim, inner: MemoryStore) => Partial<StoreClaim>): MakeStore {
  return stores((inner) => ({
    async claim() {
      const claim = await inner.claim()
      return { ...claim, ...change(claim, inner) }
    },
  }))
}

/** A memory store that does something wrong. */
function stores(change: (inner: MemoryStore) => Partial<Store>): MakeStore {
  return ({ keep }) => {
    const inner = memoryStore({ keep })
    return { store: { ...inner, ...change(inner) }, loseLock: inner.loseLock }
  }
}

/** A memory store over a medium that can fail: `write` throws then. It does something wrong. */
export function failing(
  change: (claim: StoreClaim, write: () => void) => Partial<StoreClaim> = () => ({}),
): MakeStore {
  return ({ keep }) => {
    const inner = memoryStore({ keep })
    let left = Number.POSITIVE_INFINITY
    const write = () => {
      if (left-- <= 0) throw new StoreFullError(inner.location)
    }
    const store: Store = {
      ...inner,
      async claim() {
        const claim = await inner.claim()
        const sound: StoreClaim = {
          ...claim,
          commit: async (batch) => {
            write()
            return claim.commit(batch)
          },
          quarantine: async (key, sequence, reason) => {
            write()
            return claim.quarantine(key, sequence, reason)
          },
        }
        return { ...sound, ...change(claim, write) }
      },
    }
    const failWrites = (after: number) => {
      left = after
      return () => {
        left = Number.POSITIVE_INFINITY
      }
    }
    return { store, loseLock: inner.loseLock, failWrites }
  }
}

/** Claims that take each key for another one. */
const keyed = (change: (key: string) => string) =>
  claims((claim) => ({
    load: (key) => claim.load(change(key)),
    history: (key) => claim.history(change(key)),
    quarantine: (key, sequence, reason) => claim.quarantine(change(key), sequence, reason),
    remove: (key) => claim.remove(change(key)),
    commit: (batch) => claim.commit(batch.map((request) => ({ ...request, key: change(request.key) }))),
  }))

/** Claims that take each text for another one. */
const texts = (change: (text: string) => string) =>
  claims((claim) => ({
    commit: (batch) => claim.commit(batch.map((request) => ({ ...request, text: change(request.text) }))),
  }))

const MEDIUM_FAILS = 'keeps the last good checkpoint where its medium fails in a commit, and says so'
const OK: CommitOutcome = { ok: true }
const refusedKeys = [
  'an empty key',
  'a key of 513 characters',
  'a key of 10,000 characters',
  'a key with NUL',
]
const deaths = (at: string) => `holds all that was acknowledged, whole, when its owner dies ${at} a commit`

/** Each stands for a mistake that somebody has made in a store. */
export const brokenStores: readonly BrokenStore[] = [
  {
    mistake: 'loses a field that is undefined',
    make: claims((claim) => ({
      load: async (key) => {
        const loaded = await claim.load(key)
        return loaded === undefined ? undefined : JSON.parse(JSON.stringify(loaded))
      },
    })),
    caughtBy: ['makes the one before the newest'],
  },
  {
    mistake: 'keeps times in seconds',
    make: claims((claim) => ({
      commit: (batch) =>
        claim.commit(batch.map((one) => ({ ...one, savedAtMs: Math.floor(one.savedAtMs / 1000) * 1000 }))),
    })),
    caughtBy: ['gives back exactly what was committed'],
  },
  {
    mistake: 'takes an empty text for none',
    make: texts((text) => text || 'null'),
    caughtBy: ['keeps a text empty'],
  },
  {
    mistake: 'changes line ends',
    make: texts((text) => text.replaceAll('\r\n', '\n')),
    caughtBy: ['keeps a text with line breaks and a byte order mark'],
  },
  {
    mistake: 'has a column of a megabyte',
    make: texts((text) => text.slice(0, 1_000_000)),
    caughtBy: ['keeps a text of several megabytes'],
  },
  {
    mistake: 'counts bytes',
    make: claims((claim) => ({
      list: async (page) => {
        const listed = await claim.list(page)
        return Promise.all(
          listed.map(async (summary) => {
            const text = (await claim.load(summary.key))?.text ?? ''
            return { ...summary, size: new TextEncoder().encode(text).length }
          }),
        )
      },
    })),
    caughtBy: ['summarizes the newest checkpoint of every key', 'keeps a text of several megabytes'],
  },
  {
    mistake: 'accepts what does not follow',
    make: claims((claim) => ({
      commit: async (batch) => (await claim.commit(batch)).map(() => OK),
    })),
    caughtBy: [
      'answers in the order of the batch, and refuses only what does not follow',
      'refuses a text that cannot be kept, and takes the others',
      'lets the sequence go on from the one before',
    ],
  },
  {
    mistake: 'refuses a whole batch for one of it',
    make: claims((claim) => ({
      commit: async (batch) => {
        const outcomes = await claim.commit(batch)
        for (const outcome of outcomes) if (!outcome.ok) throw outcome.error
        return outcomes
      },
    })),
    caughtBy: ['answers in the order of the batch, and refuses only what does not follow'],
  },
  {
    mistake: 'takes one checkpoint of a key in a batch',
    make: claims((claim) => ({
      commit: (batch) =>
        claim.commit(
          batch.map((one, at) => (batch[at - 1]?.key === one.key ? { ...one, sequence: 0 } : one)),
        ),
    })),
    caughtBy: ['takes two checkpoints of one key in a batch'],
  },
  {
    mistake: 'writes what comes last first',
    make: claims((claim) => {
      let count = 0
      return {
        commit: async (batch) => {
          const waits = 20 - 4 * count++
          for (let tick = 0; tick < waits; tick++) await undefined
          return claim.commit(batch)
        },
      }
    }),
    caughtBy: ['takes commits that were not waited for in their order'],
  },
  {
    mistake: 'refuses a batch of nothing',
    make: claims((claim) => ({
      commit: async (batch) => {
        if (batch.length === 0) throw new Error('nothing to write')
        return claim.commit(batch)
      },
    })),
    caughtBy: ['takes an empty batch'],
  },
  {
    mistake: 'keeps one more',
    make: ({ keep }) => {
      const store = memoryStore({ keep: keep + 1 })
      return { store, loseLock: store.loseLock }
    },
    caughtBy: ['keeps as many checkpoints as it was told, newest first'],
  },
  {
    mistake: 'keeps the caller’s own objects',
    make: claims((claim) => {
      const sent = new Map<string, { readonly text: string }>()
      return {
        commit: (batch) => {
          for (const request of batch) sent.set(`${request.sequence} ${request.key}`, request)
          return claim.commit(batch)
        },
        history: async (key) =>
          (await claim.history(key)).map((one) => ({
            ...one,
            text: sent.get(`${one.sequence} ${key}`)?.text ?? one.text,
          })),
      }
    }),
    caughtBy: ['keeps its own copy'],
  },
  {
    mistake: 'folds the case of keys',
    make: keyed((key) => key.toLowerCase()),
    caughtBy: ['keeps hostile keys apart', 'does what the model does, whatever the steps'],
  },
  {
    mistake: 'normalizes keys',
    make: keyed((key) => key.normalize()),
    caughtBy: ['keeps hostile keys apart'],
  },
  {
    mistake: 'takes keys for paths',
    make: keyed((key) => key.replace(/^(?:\.\.?\/)+/, '') || '.'),
    caughtBy: ['keeps hostile keys apart'],
  },
  {
    mistake: 'lists in the order of a language',
    make: claims((claim) => ({
      list: async (page) => [...(await claim.list(page))].sort((a, b) => a.key.localeCompare(b.key)),
    })),
    caughtBy: ['keeps any keys apart, and lists them by code units'],
  },
  {
    mistake: 'makes something of every key',
    make: keyed((key) => key.replace(/\0|\p{Surrogate}/gu, '').slice(0, 512) || 'empty'),
    caughtBy: [...refusedKeys, 'a key with half a surrogate pair'].map(
      (what) => `refuses ${what} everywhere, and takes the rest of its batch`,
    ),
  },
  {
    mistake: 'cannot be read before somebody has claimed it',
    make: stores((inner) => {
      let made = false
      return {
        claim: () => {
          made = true
          return inner.claim()
        },
        async read() {
          if (!made) throw new Error('there is no such table')
          return inner.read()
        },
      }
    }),
    caughtBy: ['reads as empty before anything was claimed'],
  },
  {
    mistake: 'begins a page with the key that it comes after',
    make: claims((claim) => ({
      list: async (page) => {
        const all = await claim.list({ limit: 5000 })
        return all.filter(({ key }) => key >= (page?.after ?? '')).slice(0, page?.limit ?? 1000)
      },
    })),
    caughtBy: ['lists in pages'],
  },
  {
    mistake: 'gives a hundred when no limit is given',
    make: claims((claim) => ({ list: (page) => claim.list({ limit: 100, ...page }) })),
    caughtBy: ['lists a thousand at once when no limit is given'],
  },
  {
    mistake: 'deletes what is to be set aside',
    make: claims(() => ({ quarantined: async () => [] })),
    caughtBy: ['makes the one before the newest', 'takes the same sequence aside twice'],
  },
  {
    mistake: 'does not let a sequence come again',
    make: claims((claim) => {
      let highest = 0
      return {
        commit: async (batch) => {
          const outcomes = await claim.commit(batch)
          for (const { sequence } of batch) {
            if (sequence <= highest) throw new Error(`sequence ${sequence} was there`)
            highest = sequence
          }
          return outcomes
        },
      }
    }),
    caughtBy: [
      'lets the sequence go on from the one before',
      'takes the same sequence aside twice',
      'forgets the key with its last checkpoint',
    ],
  },
  {
    mistake: 'sets all aside from the sequence on',
    make: claims((claim) => ({
      quarantine: async (key, from, reason) => {
        for (const { sequence } of await claim.history(key))
          if (sequence >= from) await claim.quarantine(key, sequence, reason)
      },
    })),
    caughtBy: ['sets an older one aside without touching the newest'],
  },
  {
    mistake: 'throws where there is nothing to set aside',
    make: claims((claim) => ({
      quarantine: async (key, sequence, reason) => {
        const there = (await claim.history(key)).some((one) => one.sequence === sequence)
        if (!there) throw new Error('no such checkpoint')
        return claim.quarantine(key, sequence, reason)
      },
    })),
    caughtBy: ['does nothing where there is nothing'],
  },
  {
    mistake: 'deletes the whole quarantine with a key',
    make: claims((claim) => {
      let removed = false
      return {
        remove: async (key) => {
          removed = true
          await claim.remove(key)
        },
        quarantined: async () => (removed ? [] : claim.quarantined()),
      }
    }),
    caughtBy: ['keeps what was set aside through later claims, until its key is removed'],
  },
  {
    mistake: 'has no lock',
    make: stores((inner) => ({
      claim: () => {
        inner.loseLock()
        return inner.claim()
      },
    })),
    caughtBy: ['refuses a second claim at once and names the holder'],
  },
  {
    mistake: 'gives every owner the same epoch',
    make: claims(() => ({ epoch: 1 })),
    caughtBy: ['raises the epoch with every claim and keeps what was written'],
  },
  {
    mistake: 'takes what a stale owner writes for written',
    make: claims((claim) => ({
      commit: (batch) =>
        claim.commit(batch).catch((error: unknown) => {
          if (error instanceof StaleEpochError) return batch.map(() => OK)
          throw error
        }),
    })),
    caughtBy: [
      'refuses every write of an owner that has lost the store',
      ...['before', 'during', 'after'].map(deaths),
      'does what the model does, whatever the steps',
    ],
  },
  {
    mistake: 'shows a reader what was there when it came',
    make: stores((inner) => ({
      async read() {
        const reader = await inner.read()
        const loaded = new Map<string, ReturnType<typeof reader.load>>()
        return {
          ...reader,
          load: (key) => {
            const first = loaded.get(key) ?? reader.load(key)
            loaded.set(key, first)
            return first
          },
        }
      },
    })),
    caughtBy: ['is read beside its owner'],
  },
  {
    mistake: 'can be used when it is closed',
    make: claims((claim, inner) => ({
      close: async () => {
        if ((await inner.read()) !== undefined) inner.loseLock()
        void claim
      },
    })),
    caughtBy: ['refuses everything after it was closed, and is closed twice without harm'],
  },
  {
    mistake: 'is closed while it writes',
    make: claims((claim) => ({
      commit: async (batch) => {
        for (let tick = 0; tick < 20; tick++) await undefined
        return claim.commit(batch)
      },
    })),
    caughtBy: ['closes no earlier than its commits under way are over'],
  },
  {
    mistake: 'writes when it is closed',
    make: claims((claim) => {
      const unwritten: Parameters<StoreClaim['commit']>[0][number][] = []
      return {
        commit: async (batch) => {
          unwritten.push(...batch)
          return batch.map(() => OK)
        },
        close: async () => {
          await claim.commit(unwritten.splice(0))
          await claim.close()
        },
      }
    }),
    caughtBy: ['before', 'during', 'after'].map(deaths),
  },
  {
    mistake: 'writes a checkpoint in two steps',
    make: ({ keep }) => {
      const inner = memoryStore({ keep })
      const torn = new Map<string, string>()
      const store: Store = {
        ...inner,
        async claim() {
          const claim = await inner.claim()
          return {
            ...claim,
            commit: async (batch) => {
              for (const { key, text } of batch) torn.set(key, text.slice(0, 2))
              for (let tick = 0; tick < 20; tick++) await undefined
              const outcomes = await claim.commit(batch)
              for (const { key } of batch) torn.delete(key)
              return outcomes
            },
            history: async (key) =>
              (await claim.history(key)).map((one, at) =>
                at === 0 ? { ...one, text: torn.get(key) ?? one.text } : one,
              ),
          }
        },
      }
      return { store, loseLock: inner.loseLock }
    },
    caughtBy: [deaths('during')],
  },
  {
    mistake: 'takes what its medium refused for written',
    make: failing((claim, write) => ({
      commit: async (batch) => {
        try {
          write()
        } catch {
          return batch.map(() => OK)
        }
        return claim.commit(batch)
      },
    })),
    caughtBy: [MEDIUM_FAILS],
  },
  {
    mistake: 'tells in words of its own that its medium is full',
    make: failing((claim, write) => ({
      commit: async (batch) => {
        try {
          write()
        } catch {
          throw new Error('disk full')
        }
        return claim.commit(batch)
      },
    })),
    caughtBy: [MEDIUM_FAILS],
  },
  {
    mistake: 'makes room before it writes',
    make: failing((claim, write) => ({
      commit: async (batch) => {
        for (const { key } of batch)
          for (const { sequence } of (await claim.history(key)).slice(1))
            await claim.quarantine(key, sequence, 'room')
        write()
        return claim.commit(batch)
      },
    })),
    caughtBy: [MEDIUM_FAILS],
  },
  ...[4, 6, 7].map((writes) => ({
    mistake: `deletes what was there where its medium fails after ${writes} writes`,
    make: failing((claim, write) => ({
      commit: async (batch) => {
        for (let done = 0; done < 10; done++) {
          try {
            write()
          } catch (error) {
            if (done === writes) for (const { key } of batch) await claim.remove(key)
            throw error
          }
        }
        return claim.commit(batch)
      },
    })),
    caughtBy: [MEDIUM_FAILS],
  })),
  {
    mistake: 'writes half of a batch, and says that it wrote nothing',
    make: failing((claim, write) => ({
      commit: async (batch) => {
        const outcomes: CommitOutcome[] = []
        for (const one of batch) {
          write()
          outcomes.push(...(await claim.commit([one])))
        }
        return outcomes
      },
    })),
    caughtBy: [MEDIUM_FAILS],
  },
  {
    mistake: 'deletes a checkpoint before it is set aside',
    make: (options) => {
      let lost = false
      return failing((claim, write) => ({
        quarantine: async (key, sequence, reason) => {
          await claim.quarantine(key, sequence, reason)
          lost = true
          write()
          lost = false
        },
        quarantined: async () => (lost ? [] : claim.quarantined()),
      }))(options)
    },
    caughtBy: ['loses nothing where its medium fails as a checkpoint is set aside'],
  },
  {
    mistake: 'keeps the last two of the quarantine',
    make: claims((claim) => ({ quarantined: async () => (await claim.quarantined()).slice(-2) })),
    caughtBy: ['does what the model does, whatever the steps'],
  },
]

import { holds, same } from '../expect.js'
import { accepted, commitAll, request } from './requests.js'
import type { StoreCase } from './scene.js'

/** What a store tells without opening a checkpoint. */
export const listCases: readonly StoreCase[] = [
  {
    name: 'reads as empty before anything was claimed',
    remedy: 'Let `read` answer for a store that is not there yet, and create nothing.',
    run: async (scene) => {
      const { store } = await scene.fresh()
      const reader = await store.read()
      scene.after(() => reader.close())
      same(await reader.load('a'), undefined, 'load')
      same(await reader.history('a'), [], 'history')
      same(await reader.list(), [], 'list')
      same(await reader.quarantined(), [], 'quarantined')
      same(await reader.owner(), undefined, 'owner')
    },
  },
  {
    name: 'summarizes the newest checkpoint of every key',
    remedy: 'A summary is the checkpoint with the length of its text in its place.',
    run: async (scene) => {
      const claim = await scene.claimed()
      await commitAll(claim, 'b', [1, 2])
      const a = request('a', 1, { phase: 'paused', wakeAtMs: 7, version: 3, text: 'grüße 🐻' })
      accepted(await claim.commit([a]))
      const summaries = [a, request('b', 2)].map(({ text, ...rest }) => ({
        ...rest,
        epoch: claim.epoch,
        size: text.length,
      }))
      same(await claim.list(), summaries, 'the list')
    },
  },
  {
    name: 'lists in pages',
    remedy:
      'A page begins with the first key greater than `after`, which need not be stored, and has `limit` at most.',
    run: async (scene) => {
      const claim = await scene.claimed()
      const keys = Array.from({ length: 25 }, (_, index) => `k${String(index).padStart(2, '0')}`)
      accepted(await claim.commit([...keys].reverse().map((key) => request(key, 1))))
      const seen: string[] = []
      for (let after: string | undefined; seen.length <= keys.length; ) {
        const page = await claim.list(after === undefined ? { limit: 10 } : { after, limit: 10 })
        holds(page.length <= 10, `A page of 10 has ${page.length}`)
        if (page.length === 0) break
        seen.push(...page.map(({ key }) => key))
        after = seen.at(-1)
      }
      same(seen, keys, 'all pages of 10')
      const between = (await claim.list({ after: 'k095' })).map(({ key }) => key)
      same(between, keys.slice(10), 'the page after a key that is not stored')
      same(await claim.list({ limit: 0 }), [], 'a page of none')
      same(await claim.list({ after: 'k24' }), [], 'the page after the last')
    },
  },
  {
    name: 'lists a thousand at once when no limit is given',
    remedy: 'The default of `limit` is 1000, and it may be more.',
    run: async (scene) => {
      const claim = await scene.claimed(1)
      const batch = Array.from({ length: 1001 }, (_, index) => request(`k${index}`, 1))
      accepted(await claim.commit(batch))
      same((await claim.list()).length, 1000, 'the length of a page without a limit')
      same((await claim.list({ limit: 2000 })).length, 1001, 'the length of a page of 2000 at most')
    },
  },
]

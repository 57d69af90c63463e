import { StaleEpochError, StoreClosedError, StoreLockedError } from '../../../errors/store.js'
import { holds, refused, same } from '../expect.js'
import { accepted, commitAll, request } from './requests.js'
import type { StoreCase } from './scene.js'

/** More than a store writes before `close` is looked at. */
const MANY = 200

/** Who may write, and until when. */
export const ownershipCases: readonly StoreCase[] = [
  {
    name: 'refuses a second claim at once and names the holder',
    remedy: 'Hold a lock that another process and another object of this one meet: StoreLockedError.',
    run: async (scene) => {
      const { store, again } = await scene.fresh()
      const claim = await scene.claim(store)
      const holderPid = (await claim.owner())?.pid
      const { location } = store
      for (const other of [store, again()]) {
        const error = await refused(
          other.claim(),
          StoreLockedError,
          { holderPid, location },
          'a second claim',
        )
        holds(error.message.includes(String(holderPid)), 'Its message does not name the holder')
      }
      await commitAll(claim, 'a', [1])
    },
  },
  {
    name: 'raises the epoch with every claim and keeps what was written',
    remedy: 'Count claims in the store itself, and write the claim’s epoch into each checkpoint.',
    run: async (scene) => {
      const { store, again } = await scene.fresh()
      const epochs: number[] = []
      for (const sequence of [1, 2, 3]) {
        const claim = await scene.claim(again())
        accepted(await claim.commit([request('a', sequence)]))
        same((await claim.owner())?.epoch, claim.epoch, 'the epoch of the owner')
        holds(claim.epoch > (epochs.at(-1) ?? 0), `The epoch ${claim.epoch} comes after ${epochs.at(-1)}`)
        epochs.push(claim.epoch)
        await claim.close()
      }
      const reader = await store.read()
      scene.after(() => reader.close())
      const written = (await reader.history('a')).map(({ epoch }) => epoch)
      same(written, [...epochs].reverse(), 'the epochs of the history')
      same((await reader.owner())?.epoch, epochs.at(-1), 'the epoch of the last owner')
    },
  },
  {
    name: 'refuses every write of an owner that has lost the store',
    remedy:
      'Compare the claim’s epoch with the store’s in the very transaction that writes: StaleEpochError.',
    run: async (scene) => {
      const { store, again, loseLock } = await scene.fresh()
      const stale = await scene.claim(store)
      await commitAll(stale, 'a', [1, 2])
      await loseLock()
      const claim = await scene.claim(again())

      const fields = { epoch: stale.epoch, currentEpoch: claim.epoch }
      const batch = [request('a', 3), request('b', 1)]
      await refused(stale.commit([request('a', 3)]), StaleEpochError, fields, 'its commit of one')
      await refused(stale.commit(batch), StaleEpochError, fields, 'its commit of two')
      await refused(stale.quarantine('a', 2, 'bad'), StaleEpochError, fields, 'its quarantine')
      await refused(stale.remove('a'), StaleEpochError, fields, 'its removal')

      const listed = (await claim.list()).map(({ key, sequence }) => [key, sequence])
      same(listed, [['a', 2]], 'what is stored')
      same(await claim.quarantined(), [], 'the quarantine')
      await commitAll(claim, 'a', [3])
      same((await claim.load('a'))?.epoch, claim.epoch, 'the epoch of the newest')

      await stale.close()
      await refused(again().claim(), StoreLockedError, {}, 'a claim after the stale one was closed')
    },
  },
  {
    name: 'is read beside its owner',
    remedy: 'A reader sees each commit that resolved before it was asked, of this owner and of later ones.',
    run: async (scene) => {
      const { store, again } = await scene.fresh()
      const early = await again().read()
      scene.after(() => early.close())
      const claim = await scene.claim(store)
      const reader = await again().read()
      scene.after(() => reader.close())
      await commitAll(claim, 'a', [1])
      same((await reader.load('a'))?.sequence, 1, 'the first commit')
      await commitAll(claim, 'a', [2])
      same((await reader.load('a'))?.sequence, 2, 'the second commit')
      same((await early.load('a'))?.sequence, 2, 'the second commit, to a reader from before the claim')
      same(await reader.owner(), await claim.owner(), 'the owner')
      await claim.close()
      same((await reader.history('a')).length, 2, 'the length of the history after the owner has gone')

      const next = await scene.claim(again())
      await commitAll(next, 'a', [3])
      same((await reader.load('a'))?.sequence, 3, 'the commit of the next owner')
    },
  },
  {
    name: 'closes no earlier than its commits under way are over',
    remedy:
      'Let `close` wait for what was asked before it, and then give the store back: its commits end as though nobody had closed it.',
    run: async (scene) => {
      const { store, again } = await scene.fresh()
      const claim = await scene.claim(store)
      const keys = Array.from({ length: MANY }, (_, index) => `k${index}`)
      const asked = [
        claim.commit(keys.map((key) => request(key, 1))),
        claim.commit([request('one more', 1)]),
      ].map((commit) => commit.then(accepted))
      const ends = Promise.allSettled(asked)
      await claim.close()
      const next = await scene.claim(again())
      same((await next.list()).length, MANY + 1, 'how many keys the next owner finds')
      for (const end of await ends) if (end.status === 'rejected') throw end.reason
      await commitAll(next, 'k0', [2])
    },
  },
  {
    name: 'refuses everything after it was closed, and is closed twice without harm',
    remedy: 'Keep a flag: what is closed answers with a StoreClosedError, and its second `close` resolves.',
    run: async (scene) => {
      const { store } = await scene.fresh()
      const claim = await scene.claim(store)
      const reader = await store.read()
      for (const closed of [claim, reader]) {
        await closed.close()
        await closed.close()
        await refused(closed.load('a'), StoreClosedError, {}, 'load')
        await refused(closed.history('a'), StoreClosedError, {}, 'history')
        await refused(closed.list(), StoreClosedError, {}, 'list')
        await refused(closed.quarantined(), StoreClosedError, {}, 'quarantined')
        await refused(closed.owner(), StoreClosedError, {}, 'owner')
      }
      await refused(claim.commit([request('a', 1)]), StoreClosedError, {}, 'commit')
      await refused(claim.quarantine('a', 1, 'no'), StoreClosedError, {}, 'quarantine')
      await refused(claim.remove('a'), StoreClosedError, {}, 'remove')
    },
  },
]

// A page that tries the store of the browser against the contract of stores.
import { indexedDbStore } from 'tardigrade/stores/indexeddb'
import { request as requestOf } from '../../../src/testing/contract/store/requests.js'
import { verifyStore } from '../../../src/testing/contract/store/verify-store.js'

let made = 0

/** Has the browser give up every transaction that writes, once so many writes went through: what it does where the disk refuses them. */
function failWrites(after: number): () => void {
  const { prototype } = IDBObjectStore
  const { put, add } = prototype
  let left = after
  function failing<Write extends typeof put>(write: Write): Write {
    // The same parameters, handed on as they are.
    return function (this: IDBObjectStore, ...given: Parameters<Write>) {
      const request = write.apply(this, given)
      if (left-- <= 0) this.transaction.abort()
      return request
    } as Write
  }
  Object.assign(prototype, { put: failing(put), add: failing(add) })
  return () => void Object.assign(prototype, { put, add })
}

/** What becomes of a batch that is under way while another one, of another key, fails. */
async function beside() {
  const claim = await indexedDbStore('beside', { persist: false }).claim()
  await claim.commit([requestOf('known', 1)])
  const { prototype } = IDBObjectStore
  const { put } = prototype
  prototype.put = function (...given) {
    const request = put.apply(this, given)
    if (given[0].key !== 'fails') return request
    prototype.put = put
    this.transaction.abort()
    return request
  }
  const failing = claim.commit([requestOf('fails', 1)])
  const innocent = claim.commit([requestOf('known', 2), requestOf('new', 1)])
  const failed = await failing.then(
    () => 'written',
    () => 'failed',
  )
  return { failed, innocent: await innocent, again: await claim.commit([requestOf('fails', 1)]) }
}

Object.assign(globalThis, {
  beside,
  contract: (seed: number) =>
    verifyStore(
      ({ keep }) => {
        made++
        const name = `contract-${made}`
        const make = () => indexedDbStore(name, { keep, persist: false })
        return {
          store: make(),
          again: make,
          // As when the lock of a tab that is frozen is taken away.
          loseLock: () => navigator.locks.request(`tardigrade:${name}`, { steal: true }, () => {}),
          failWrites,
          dispose: () => void indexedDB.deleteDatabase(name),
        }
      },
      { seed, runs: 5, timeoutMs: 20_000 },
    ),
})

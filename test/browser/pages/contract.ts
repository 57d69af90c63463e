// A page that tries the store of the browser against the contract of stores.
import { indexedDbStore } from 'tardigrade/stores/indexeddb'
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

Object.assign(globalThis, {
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

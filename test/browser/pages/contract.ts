// A page that tries the store of the browser against the contract of stores.
import { indexedDbStore } from 'tardigrade/stores/indexeddb'
import { verifyStore } from '../../../src/testing/contract/store/verify-store.js'

let made = 0

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
          dispose: () => void indexedDB.deleteDatabase(name),
        }
      },
      { seed, runs: 5, timeoutMs: 20_000 },
    ),
})

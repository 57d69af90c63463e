// A page that measures: events awaited one by one on IndexedDB, and bare puts of the same size.
import { createSupervisor, defineService, type Service } from 'tardigrade'
import { browserHost } from 'tardigrade/hosts/browser'
import { indexedDbStore } from 'tardigrade/stores/indexeddb'
import { machine } from '../../../bench/machine.js'

const small = defineService({ id: 'small', version: 1, machine, pauseOn: ['background'] })
let service: Service<typeof machine>
let size = 0
let bare: IDBDatabase

function put(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = bare.transaction('texts', 'readwrite', { durability: 'strict' })
    transaction.objectStore('texts').put(text, 'text')
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
  })
}

Object.assign(globalThis, {
  /** Has a service of a store for which it waits. */
  takes: async () => {
    const store = indexedDbStore('taken', { persist: false, whenLocked: 'wait' })
    await (await createSupervisor({ store, host: browserHost(), onFailed: () => {} })).start(small)
  },
  start: async () => {
    const store = indexedDbStore('bench', { persist: false })
    const supervisor = await createSupervisor({ store, host: browserHost() })
    service = await supervisor.start(small)
    await service.send({ type: 'INC' })
    size = (await supervisor.list())[0]?.size ?? 0
    bare = await new Promise((resolve, reject) => {
      const asked = indexedDB.open('bare', 1)
      asked.onupgradeneeded = () => asked.result.createObjectStore('texts')
      asked.onsuccess = () => resolve(asked.result)
      asked.onerror = () => reject(asked.error)
    })
    return size
  },
  /** Milliseconds of that many events, each awaited. */
  ours: async (count: number) => {
    const began = performance.now()
    for (let sent = 0; sent < count; sent++) await service.send({ type: 'INC' })
    return performance.now() - began
  },
  theirs: async (count: number) => {
    const text = 'x'.repeat(size)
    const began = performance.now()
    for (let written = 0; written < count; written++) await put(text)
    return performance.now() - began
  },
  /** Resolves when the page has been hidden, with the milliseconds from its being shown to `running`. */
  nextWake: async () => {
    const reaches = (wanted: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (service.getSnapshot().value !== wanted) return
          subscription.unsubscribe()
          resolve()
        }
        const subscription = service.subscribe(look)
        look()
      })
    await reaches('paused')
    let shownMs = 0
    const onShown = () => {
      if (document.visibilityState === 'visible') shownMs = performance.now()
    }
    document.addEventListener('visibilitychange', onShown, { capture: true })
    await reaches('running')
    document.removeEventListener('visibilitychange', onShown, { capture: true })
    return performance.now() - shownMs
  },
  paused: async () => {
    while (service.getSnapshot().value !== 'paused') await new Promise((later) => setTimeout(later, 1))
  },
})

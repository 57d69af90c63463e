// A page with one service that counts, as an application would have it, and handles for the tests.
import {
  createSupervisor,
  defineService,
  effectKey,
  type Service,
  type Store,
  type Supervisor,
  TardigradeError,
} from 'tardigrade'
import { callTab, serveTabs, type TabRequest } from 'tardigrade/control/tabs'
import { browserHost } from 'tardigrade/hosts/browser'
import { type IndexedDbStoreOptions, indexedDbStore } from 'tardigrade/stores/indexeddb'
import { assign, setup } from 'xstate'

const counter = defineService({
  id: 'counter',
  version: 1,
  pauseOn: location.search === '?pauses' ? ['background', 'offline'] : [],
  resumedEvent: 'RESUMED',
  machine: setup({
    types: {
      context: {} as { n: number; resumed: unknown[]; text: string },
      events: {} as
        | { type: 'ADD'; text?: string }
        | { type: 'RESUMED'; interruptions: unknown; crashed: boolean },
    },
    actions: {
      // An effect that the outside can tell apart by its key, done when the action is: what a page has only begun dies with it.
      tell: ({ context }) => {
        const request = new XMLHttpRequest()
        request.open('GET', `/told?effect=${context.n}&key=${effectKey()}`, false)
        try {
          request.send()
        } catch {
          // Nobody is there to hear it, as offline.
        }
      },
    },
  }).createMachine({
    context: { n: 0, resumed: [], text: '' },
    on: {
      ADD: {
        actions: [
          assign({ n: ({ context }) => context.n + 1, text: ({ event }) => event.text ?? '' }),
          'tell',
        ],
      },
      RESUMED: {
        actions: assign({
          resumed: ({ context, event: { interruptions, crashed } }) => [
            ...context.resumed.slice(-9),
            { interruptions, crashed },
          ],
        }),
      },
    },
  }),
})

const warnings: unknown[] = []
let supervisor: Supervisor
let service: Service<typeof counter.machine>
let another: Service<typeof counter.machine>
const stores = new Map<string, Store>()
/** The same for the same options, as a page has it that tries again. */
function store(options: IndexedDbStoreOptions): Store {
  const name = JSON.stringify(options)
  const made = stores.get(name) ?? indexedDbStore('app', { persist: false, ...options })
  stores.set(name, made)
  return made
}

/** An error as the tests see it: those of this library by their codes. */
const told = (error: unknown) =>
  error instanceof TardigradeError
    ? { code: error.code, message: error.message, key: error.key }
    : String(error)

const answered = <T>(promise: Promise<T>) =>
  promise.then(
    (value) => ({ value }),
    (error) => ({ error: told(error) }),
  )

Object.assign(globalThis, {
  start: (options: IndexedDbStoreOptions = {}) =>
    answered(
      (async () => {
        supervisor = await createSupervisor({
          store: store(options),
          host: browserHost(),
          onFailed: () => {},
          onWarning: (warning) => void warnings.push(told(warning)),
        })
        serveTabs(supervisor, 'app')
        service = await supervisor.start(counter, { key: 'app' })
        return service.machine.getSnapshot().context
      })(),
    ),
  /** Starts another service, of this key. */
  startAnother: (key: string) =>
    answered(
      supervisor.start(counter, { key }).then((started) => {
        another = started
      }),
    ),
  /** What the other service fails with. */
  otherFailure: () =>
    new Promise((resolve) => {
      const look = () => {
        const { value, context } = another.getSnapshot()
        if (value === 'failed') resolve(told(context.failure))
      }
      another.subscribe({ next: look, complete: look, error: look })
      look()
    }),
  add: (text?: string) =>
    answered(service.send({ type: 'ADD', ...(text === undefined ? {} : { text }) }).then(() => count())),
  /** Adds for as long as the page lives, and tells the tests of each that was acknowledged. */
  addForEver: async () => {
    for (;;) {
      await service.send({ type: 'ADD' })
      await fetch(`/told?count=${count()}`).catch(() => {})
    }
  },
  settled: () => answered(service.settled().then(() => count())),
  state: () => service.getSnapshot().value,
  failure: () => told(service.getSnapshot().context.failure),
  context: () => service.machine.getSnapshot().context,
  retry: () => answered(service.retry()),
  pause: () => answered(service.pause()),
  reaches: (state: string) =>
    new Promise<string>((resolve) => {
      const look = () => {
        if (service.getSnapshot().value === state) resolve(state)
      }
      service.subscribe({ next: look, complete: look, error: look })
      look()
    }),
  stored: async () => {
    const reader = await store({}).read()
    const stored = await reader.load('app')
    await reader.close()
    return stored === undefined
      ? undefined
      : { phase: stored.phase, sequence: stored.sequence, epoch: stored.epoch }
  },
  /** Fills what the browser gives the origin, with a database of its own. */
  fill: () =>
    new Promise<void>((full) => {
      const asked = indexedDB.open('ballast', 1)
      asked.onupgradeneeded = () => asked.result.createObjectStore('ballast', { autoIncrement: true })
      asked.onsuccess = () => {
        const more = () => {
          const transaction = asked.result.transaction('ballast', 'readwrite')
          transaction.objectStore('ballast').add(crypto.getRandomValues(new Uint8Array(20_000)))
          transaction.oncomplete = more
          transaction.onabort = () => full()
        }
        more()
      }
    }),
  /** Asks the tab that owns the store. */
  call: (request: TabRequest) => answered(callTab('app', request)),
  close: () => answered(supervisor.close()),
  warnings: () => warnings,
  databases: async () => (await indexedDB.databases()).map(({ name }) => name),
})

function count(): number {
  return service.machine.getSnapshot().context.n
}

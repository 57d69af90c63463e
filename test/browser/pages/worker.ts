// A worker, of whatever kind, with one service that counts; pages ask it over ports.
import { createSupervisor, defineService } from 'tardigrade'
import { browserHost } from 'tardigrade/hosts/browser'
import { embedderHost, messagePort } from 'tardigrade/hosts/embedder'
import { indexedDbStore } from 'tardigrade/stores/indexeddb'
import { assign, setup } from 'xstate'

const counter = defineService({
  id: 'counter',
  version: 1,
  pauseOn: ['background', 'offline'],
  machine: setup({ types: { context: {} as { n: number } } }).createMachine({
    context: { n: 0 },
    on: { ADD: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
  }),
})

/** Another one with every start of the worker. */
const life = crypto.randomUUID()

const starting = createSupervisor({
  store: indexedDbStore(`worker${location.search}`, { whenLocked: 'wait' }),
  // A worker does not hear of the life of pages: they tell it, over a channel of its name. A service worker has none.
  host: [browserHost(), embedderHost(messagePort(new BroadcastChannel(self.name || 'life')))],
}).then((supervisor) => supervisor.start(counter, { key: 'k' }))

async function answer(asked: string) {
  const service = await starting
  if (asked === 'ADD') await service.send({ type: 'ADD' })
  const { context } = service.machine.getSnapshot()
  return { n: context.n, state: service.getSnapshot().value, life, knows: knows() }
}

/** What a host could listen to here. */
const knows = () => ({
  page: 'document' in globalThis,
  battery: 'getBattery' in navigator,
  dataSaver: 'connection' in navigator,
  network: 'onLine' in navigator,
  persistence: 'persist' in navigator.storage,
})

interface Asking extends Event {
  readonly data: string
  /** Of a service worker. */
  readonly source?: MessagePort
  readonly waitUntil?: (work: Promise<void>) => void
}

const listenTo = (port: EventTarget, answers: (event: Asking) => MessagePort) =>
  port.addEventListener('message', (event) => {
    // Messages are the tests’ own.
    const asking = event as Asking
    const answering = answer(asking.data).then((told) => answers(asking).postMessage(told))
    asking.waitUntil?.(answering)
  })

// One of these is of its kind: a shared worker hears of ports, a service worker’s messages have sources.
listenTo(globalThis, ({ source }) => source ?? (globalThis as unknown as MessagePort))
globalThis.addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports
  if (port === undefined) return
  listenTo(port, () => port)
  port.start()
})

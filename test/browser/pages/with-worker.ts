// A page that speaks with a worker of each kind.
const SCRIPT = `/worker.js${location.search}`
const MODULE = { type: 'module' } as const
/** Of the worker, and of the channel over which it is told of the life of its page, or pages. */
let called = 'life'

interface Port {
  postMessage(message: unknown): void
}

/** Where to send, and where answers come from. */
const kinds: Readonly<Record<string, () => Promise<readonly [Port, EventTarget]>>> = {
  dedicated: async () => {
    called = `life-${crypto.randomUUID()}`
    const worker = new Worker(SCRIPT, { ...MODULE, name: called })
    return [worker, worker]
  },
  shared: async () => {
    const { port } = new SharedWorker(SCRIPT, { ...MODULE, name: called })
    port.start()
    return [port, port]
  },
  service: async () => {
    const { serviceWorker } = navigator
    await serviceWorker.register(SCRIPT, MODULE)
    serviceWorker.startMessages()
    const { active } = await serviceWorker.ready
    if (active === null) throw new Error('There is no service worker.')
    return [active, serviceWorker]
  },
}

let opened: readonly [Port, EventTarget] | undefined

const next = (from: EventTarget) =>
  new Promise((resolve) =>
    from.addEventListener('message', (event) => resolve((event as MessageEvent).data), { once: true }),
  )

Object.assign(globalThis, {
  ask: async (kind: string, asked: string) => {
    opened ??= await kinds[kind]?.()
    if (opened === undefined) throw new Error(`There is no worker of the kind ${kind}.`)
    const [to, from] = opened
    const answered = next(from)
    to.postMessage(asked)
    return answered
  },
  say: (lifecycle: string) => {
    const life = new BroadcastChannel(called)
    const answered = next(life)
    life.postMessage({ lifecycle })
    return answered
  },
})

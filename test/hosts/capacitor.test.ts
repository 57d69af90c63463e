import {
  createSupervisor,
  defineService,
  HostFailedError,
  InvalidOptionError,
  MissingFeatureError,
} from 'tardigrade'
import { capacitorHost } from 'tardigrade/hosts/capacitor'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createMachine } from 'xstate'
import { describeHostContract } from './contract.js'
import { hearing } from './hearing.js'

/** A plugin of Capacitor that tells one state: listening and asking answer later, as over its bridge. */
function plugin<T>(state: T) {
  const listeners = new Set<(state: T) => void>()
  let now = state
  let answered = Promise.resolve()
  let removed = 0
  return {
    addListener: async (_event: string, listener: (state: T) => void) => {
      listeners.add(listener)
      const remove = async () => {
        removed++
        listeners.delete(listener)
      }
      return { remove }
    },
    ask: () => {
      const asked = now
      return answered.then(() => asked)
    },
    /** What is asked is answered after this. */
    after(promise: Promise<void>) {
      answered = promise
    },
    goes(to: T) {
      now = to
      for (const listener of listeners) listener(to)
    },
    listeners: () => listeners.size,
    removed: () => removed,
  }
}

function capacitor(isActive = true, connected = true) {
  const app = plugin({ isActive })
  const network = plugin({ connected })
  const App = { ...app, getState: app.ask }
  const Network = { ...network, getStatus: network.ask }
  return { App, Network }
}

describeHostContract('capacitorHost', () => {
  const { App, Network } = capacitor()
  return {
    host: capacitorHost({ App, Network }),
    interruptions: {
      background: { begin: () => App.goes({ isActive: false }), end: () => App.goes({ isActive: true }) },
      offline: {
        begin: () => Network.goes({ connected: false }),
        end: () => Network.goes({ connected: true }),
      },
    },
    listeners: () => App.listeners() + Network.listeners(),
  }
})

test('an app that begins in the background, without a network, is told as that', async () => {
  const { sink, heard } = hearing()
  const end = capacitorHost(capacitor(false, false))(sink)
  await vi.waitFor(() => expect(heard.sort()).toEqual(['interrupt background', 'interrupt offline']))
  await end()
})

test('an answer that is older than what was heard since is not believed', async () => {
  const { App } = capacitor(false)
  const { sink, heard } = hearing()
  let answer: () => void = () => {}
  App.after(new Promise((resolve) => (answer = resolve)))
  const end = capacitorHost({ App })(sink)
  App.goes({ isActive: true })
  answer()
  await end()
  expect(heard).toEqual([])
})

describe('a plugin that the platform does not have', () => {
  const unimplemented = Object.assign(new Error('"Network" plugin is not implemented on web'), {
    code: 'UNIMPLEMENTED',
  })
  const none = async () => {
    throw unimplemented
  }
  const throwing = () => {
    throw unimplemented
  }
  // A native platform answers the question alone.
  const never = () => new Promise<never>(() => {})

  test.each([
    ['rejects', { addListener: none, getStatus: none }],
    ['throws', { addListener: throwing, getStatus: throwing }],
    ['rejects when it is asked', { addListener: never, getStatus: none }],
  ])('keeps the supervisor from being made, by name, and gives the store back: it %s', async (_, Network) => {
    const store = memoryStore()
    const { App } = capacitor()
    const made = createSupervisor({ store, host: capacitorHost({ App, Network }) })
    const error = await made.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(HostFailedError)
    expect(error).toMatchObject({ cause: expect.any(MissingFeatureError) })
    expect((error as Error).message).toMatch(/no plugin Network.*Install @capacitor\/network/)
    expect(App.listeners()).toBe(0)
    await (await createSupervisor({ store })).close()
  })
})

/** A service that a host with this plugin lets run, or not, from its start on. */
async function started(App: Parameters<typeof capacitorHost>[0]['App']): Promise<string> {
  const supervisor = await createSupervisor({ store: memoryStore(), host: capacitorHost({ App }) })
  onTestFinished(() => supervisor.close().then(() => {}))
  const machine = createMachine({ id: 'sync' })
  const sync = defineService({ id: 'sync', version: 1, pauseOn: ['background'], machine })
  return (await supervisor.start(sync)).getSnapshot().value
}

describe('a service of an app that is in the background from its start does not run', () => {
  test('where the bridge answers late', async () => {
    const { App } = capacitor(false)
    let answer = () => {}
    App.after(new Promise<void>((resolve) => (answer = resolve)))
    const value = started(App)
    // All that could begin without the answer has begun.
    for (let turn = 0; turn < 10; turn++) await new Promise((later) => setImmediate(later))
    answer()
    expect(await value).toBe('paused')
  })

  test('where the plugin tells that by itself before the bridge answers', async () => {
    // The time in which a bridge is to answer does not run out.
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { App } = capacitor()
    const addListener: typeof App.addListener = async (event, listener) => {
      setImmediate(() => App.goes({ isActive: false }))
      return App.addListener(event, listener)
    }
    expect(await started({ ...App, addListener, getState: () => new Promise(() => {}) })).toBe('paused')
  })
})

test('a question that is never answered takes nothing from a plugin that listens', async () => {
  vi.useFakeTimers()
  try {
    const { App } = capacitor()
    const { sink, heard } = hearing()
    const { ready } = capacitorHost({ App: { ...App, getState: () => new Promise(() => {}) } })(sink)
    await vi.advanceTimersByTimeAsync(10_000)
    await ready
    App.goes({ isActive: false })
    expect(heard).toEqual(['interrupt background'])
  } finally {
    vi.useRealTimers()
  }
})

test('a question that fails once takes nothing from a plugin that listens', async () => {
  const { Network, App } = capacitor()
  const { sink, heard } = hearing()
  const getStatus = () => Promise.reject(new Error('the radio is starting'))
  const addListener: typeof Network.addListener = async (event, listener) => {
    await new Promise<void>((later) => setImmediate(later))
    return Network.addListener(event, listener)
  }
  const end = capacitorHost({ App, Network: { ...Network, addListener, getStatus } })(sink)
  await end.ready
  Network.goes({ connected: false })
  expect(heard).toEqual(['interrupt offline'])
  await end()
})

test('a bridge that answers nothing is not waited for without end', async () => {
  vi.useFakeTimers()
  try {
    const never = () => new Promise<never>(() => {})
    const { ready } = capacitorHost({ App: { addListener: never, getState: never } })(hearing().sink)
    const refused = expect(ready).rejects.toMatchObject({
      code: 'MISSING_FEATURE',
      cause: { message: 'no answer within 10000 ms' },
    })
    await vi.advanceTimersByTimeAsync(10_000)
    await refused
  } finally {
    vi.useRealTimers()
  }
})

test('a listener that is not there yet is not waited for, and removed when it comes', async () => {
  const { App } = capacitor()
  let answer = () => {}
  const asked = new Promise<void>((resolve) => (answer = resolve))
  const addListener: typeof App.addListener = async (event, listener) => {
    await asked
    return App.addListener(event, listener)
  }
  const supervisor = await createSupervisor({
    store: memoryStore(),
    host: capacitorHost({ App: { ...App, addListener } }),
  })
  await supervisor.close()
  answer()
  await vi.waitFor(() => expect(App.removed()).toBe(1))
  expect(App.listeners()).toBe(0)
})

test.each([{}, { App: {} }, { ...capacitor(), network: 1 }])('%o is refused', (options) => {
  expect(() => capacitorHost(options as never)).toThrow(InvalidOptionError)
})

test('where there is no plugin App, the error names it and what to use in its place', () => {
  expect(() => capacitorHost({ App: undefined as never })).toThrow(/plugin App .*browserHost\(\)\./)
})

import { InvalidOptionError } from 'tardigrade'
import { capacitorHost } from 'tardigrade/hosts/capacitor'
import { expect, test, vi } from 'vitest'
import { describeHostContract } from './contract.js'
import { hearing } from './hearing.js'

/** A plugin of Capacitor that tells one state: listening and asking answer later, as over its bridge. */
function plugin<T>(state: T) {
  const listeners = new Set<(state: T) => void>()
  let now = state
  let answered = Promise.resolve()
  return {
    addListener: async (_event: string, listener: (state: T) => void) => {
      listeners.add(listener)
      return { remove: async () => void listeners.delete(listener) }
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

test.each([{}, { App: {} }, { ...capacitor(), network: 1 }])('%o is refused', (options) => {
  expect(() => capacitorHost(options as never)).toThrow(InvalidOptionError)
})

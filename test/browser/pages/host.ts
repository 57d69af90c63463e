// A page that tries hosts against the contract of hosts; the tests move the browser when it asks.
import AppState from 'react-native/dist/exports/AppState/index.js'
import { browserHost } from 'tardigrade/hosts/browser'
import { reactNativeHost } from 'tardigrade/hosts/react-native'
import { verifyHost } from '../../../src/testing/contract/host/verify-host.js'

/** Answered by `moved`, when the browser has done it. */
declare function ask(move: string): void

let moves = 0
const underWay = new Map<number, () => void>()

function move(to: string): Promise<void> {
  return new Promise((resolve) => {
    moves++
    underWay.set(moves, resolve)
    ask(JSON.stringify({ id: moves, to }))
  })
}

const background = { begin: () => move('hidden'), end: () => move('shown') }
const offline = { begin: () => move('offline'), end: () => move('online') }

/** What they are in a browser: React Native’s AppState is that of react-native-web. */
const platforms = {
  browser: () => ({ host: browserHost(), interruptions: { background, offline } }),
  'react-native': () => ({ host: reactNativeHost({ AppState }), interruptions: { background } }),
}

Object.assign(globalThis, {
  moved: (id: number) => underWay.get(id)?.(),
  contract: (platform: keyof typeof platforms, seed: number, runs: number) =>
    verifyHost(
      () => ({
        ...platforms[platform](),
        dispose: async () => {
          await move('shown')
          await move('online')
        },
      }),
      { seed, runs },
    ),
})

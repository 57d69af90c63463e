// A page that tries the host of the browser against the contract of hosts; the tests move the browser when it asks.
import { browserHost } from 'tardigrade/hosts/browser'
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

Object.assign(globalThis, {
  moved: (id: number) => underWay.get(id)?.(),
  contract: (seed: number, runs: number) =>
    verifyHost(
      () => ({
        host: browserHost(),
        interruptions: {
          background: { begin: () => move('hidden'), end: () => move('shown') },
          offline: { begin: () => move('offline'), end: () => move('online') },
        },
        dispose: async () => {
          await move('shown')
          await move('online')
        },
      }),
      { seed, runs },
    ),
})

import { createServer } from 'node:http'
import { createConnection } from 'node:net'
import { networkInterfaces } from 'node:os'
import { createSupervisor } from 'tardigrade'
import { xstate4Inspector } from 'tardigrade/inspect'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../../../src/inspect/server/listen.js'

/*
 * Fault: a server that hears the network, too. What it shows and does is for this machine alone.
 */

/** Where a server that listens everywhere answers, too: other addresses of loopback, and those of the machine's network. */
const ELSEWHERE = [
  '127.0.0.2',
  '::1',
  ...Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address),
]

/** Whether anybody takes a connection there. */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

const SERVERS: readonly (readonly [string, () => Promise<number>])[] = [
  [
    'what listens for the inspector',
    async () => {
      const server = createServer()
      onTestFinished(() => void server.close())
      const port = await listen(server, 0, 48_500)
      expect(server.address()).toMatchObject({ address: '127.0.0.1' })
      return port
    },
  ],
  [
    'the inspector',
    async () => {
      const inspect = { port: 0, onListening: () => {} }
      const supervisor = await createSupervisor({ store: memoryStore(), inspect })
      onTestFinished(async () => void (await supervisor.close()))
      return Number(new URL(supervisor.inspectAddress ?? '').port)
    },
  ],
  [
    'the server for receivers of XState 4',
    async () => {
      const inspector = await xstate4Inspector({ port: 0 })
      onTestFinished(() => inspector.close())
      return Number(new URL(inspector.address ?? '').port)
    },
  ],
]

test.each(SERVERS)('%s is there on 127.0.0.1, and at no other address of the machine', async (_, start) => {
  const port = await start()
  expect(await answers('127.0.0.1', port)).toBe(true)
  for (const host of ELSEWHERE) expect([host, await answers(host, port)]).toEqual([host, false])
})

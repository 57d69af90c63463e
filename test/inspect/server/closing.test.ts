import { connect, type Socket } from 'node:net'
import { createSupervisor, type Store } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { ManualClock } from '../../kit/clock.js'
import { Client } from './kit.js'

const inspect = { port: 0, onListening: () => {} }

const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
]

/** A connection that has written these lines, and sends no end of its own. */
function begun(port: number, ...lines: readonly string[]): Socket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  socket.write([...lines, ''].join('\r\n'))
  return socket
}

const dataOf = (socket: Socket): Promise<string> =>
  new Promise((resolve) => socket.once('data', (data) => resolve(data.toString('latin1'))))

/** Asks for an upgrade at a wrong place. */
const refusedHalfOpen = (port: number): Promise<string> =>
  dataOf(begun(port, 'GET /wrong HTTP/1.1', `Host: 127.0.0.1:${port}`, ...UPGRADE, ''))

test('whoever holds a refused connection open keeps no supervisor from closing', async () => {
  const supervisor = await createSupervisor({ store: memoryStore(), inspect })
  const { port } = new URL(supervisor.inspectAddress ?? '')
  expect(await refusedHalfOpen(Number(port))).toContain('403')
  expect(await supervisor.close()).toEqual({ safe: [], unsafe: [] })
})

test.each([
  ['request', '/', []],
  ['upgrade', '/stream', UPGRADE],
  ['guest', '/stately', UPGRADE],
] as const)('a %s that is there in full only while the server closes is refused', async (_, path, rest) => {
  const supervisor = await createSupervisor({ store: memoryStore(), inspect })
  const port = Number(new URL(supervisor.inspectAddress ?? '').port)
  const host = `Host: 127.0.0.1:${port}`
  const late = begun(port, `GET ${path} HTTP/1.1`, host)
  // One that answers no end, so that the closing waits for it.
  const stays = begun(port, 'GET /stream HTTP/1.1', host, ...UPGRADE, '')
  expect(await dataOf(stays)).toContain('101')
  const told = dataOf(stays)
  const closing = supervisor.close()
  // The frame that ends a WebSocket: it closes.
  expect(await told).toMatch(/^\x88/)
  const answer = dataOf(late)
  late.write([...rest, '', ''].join('\r\n'))
  expect(await answer).toMatch(/^HTTP\/1\.1 503 /)
  expect(await closing).toEqual({ safe: [], unsafe: [] })
})

test('a page that looks at a store that hangs keeps no supervisor from closing in time', async () => {
  const inner = memoryStore()
  let asked = () => {}
  const looks = new Promise<void>((resolve) => {
    asked = resolve
  })
  const store: Store = {
    location: inner.location,
    durability: inner.durability,
    read: () => inner.read(),
    async claim() {
      const claim = await inner.claim()
      const list = () => {
        asked()
        return new Promise<never>(() => {})
      }
      return { ...claim, epoch: claim.epoch, list }
    },
  }
  const clock = new ManualClock()
  const supervisor = await createSupervisor({ store, clock, inspect })
  const client = await new Client(supervisor.inspectAddress ?? '').connect()
  await looks
  const closing = supervisor.close({ deadlineMs: 1000 })
  const told = expect(closing).rejects.toMatchObject({
    code: 'CLOSE_FAILED',
    failures: [{ what: 'the inspection', cause: { message: 'it did not come to an end in time' } }],
  })
  await clock.advance(1500)
  await told
  await client.disconnect()
  await (await inner.claim()).close()
  // The page is served no more, though the look goes on.
  const again = await createSupervisor({ store: inner, inspect: { ...inspect, port: portOf(client) } })
  await again.close()
})

const portOf = ({ address }: Client): number => Number(new URL(address).port)

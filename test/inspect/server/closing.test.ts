import { connect } from 'node:net'
import { createSupervisor, type Store } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { ManualClock } from '../../kit/clock.js'
import { Client } from './kit.js'

const inspect = { port: 0, onListening: () => {} }

/** Asks for an upgrade at a wrong place, and sends no end of its own. */
function refusedHalfOpen(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  const upgrade = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
  ]
  socket.write(['GET /wrong HTTP/1.1', `Host: 127.0.0.1:${port}`, ...upgrade, '', ''].join('\r\n'))
  return new Promise((resolve) => socket.once('data', (data) => resolve(String(data))))
}

test('whoever holds a refused connection open keeps no supervisor from closing', async () => {
  const supervisor = await createSupervisor({ store: memoryStore(), inspect })
  const { port } = new URL(supervisor.inspectAddress ?? '')
  expect(await refusedHalfOpen(Number(port))).toContain('403')
  expect(await supervisor.close()).toEqual({ safe: [], unsafe: [] })
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

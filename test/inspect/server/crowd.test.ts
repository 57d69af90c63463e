import { createSupervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { Client, tokenOf } from './kit.js'

async function serving() {
  const inspect = { port: 0, onListening: () => {} }
  const supervisor = await createSupervisor({ store: memoryStore(), inspect })
  onTestFinished(async () => void (await supervisor.close()))
  const address = supervisor.inspectAddress ?? ''
  return () => {
    const client = new Client(address)
    onTestFinished(() => client.disconnect())
    return client
  }
}

const isIn = (client: Client) => client.until(() => client.all('hello').length > 0)

test('those that never say hello keep nobody out: a new one takes the place of the oldest of them alone', async () => {
  const newClient = await serving()
  const early = await newClient().connect()
  await isIn(early)
  const gone: number[] = []
  for (let at = 0; at < 130; at++) {
    const socket = await newClient().open()
    socket.once('close', () => gone.push(at))
  }
  await expect.poll(() => gone).toEqual(Array.from({ length: 30 }, (_, at) => at))
  const late = await newClient().connect()
  await isIn(late)
  early.send({ type: 'history', id: 1, key: 'k' })
  await early.until(() => early.all('history').length > 0)
})

test('those that have said hello have a bound of their own, and nobody takes their places', async () => {
  const newClient = await serving()
  const greeted: Client[] = []
  // Who was let in before the last of them said hello.
  const slow = newClient()
  const socket = await slow.open()
  for (let at = 0; at < 100; at++) greeted.push(await newClient().connect())
  await Promise.all(greeted.map(isIn))
  await expect(newClient().open()).rejects.toThrow('503')
  const ended = new Promise((resolve) => socket.once('close', resolve))
  slow.send({ type: 'hello', version: 1, token: tokenOf(slow.address), seen: {} })
  expect(await ended).toBe(1013)
  await greeted[0]?.disconnect()
  await expect
    .poll(
      async () =>
        (await newClient()
          .open()
          .catch(() => undefined)) !== undefined,
    )
    .toBe(true)
})

import { createSupervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { Client, tokenOf } from '../server/kit.js'
import { guest, guestUrl, turnedAway } from './kit.js'

async function warned() {
  const warnings: string[] = []
  const supervisor = await createSupervisor({
    store: memoryStore(),
    inspect: { port: 0, onListening: () => {} },
    onWarning: ({ message }) => void warnings.push(message),
  })
  onTestFinished(() => supervisor.close().then(() => {}))
  const address = supervisor.inspectAddress ?? expect.fail('no address')
  const client = await new Client(address).connect()
  onTestFinished(() => client.disconnect())
  const refused = () => client.all('refused-guests').map((message) => message.refused)
  return { warnings, address, client, refused }
}

test('a guest without the token is closed with what to do, and told of once for each cause, to who runs the server and to every page', async () => {
  const { warnings, address, client, refused } = await warned()
  const none = guestUrl(address, 'stately').replace(/\?.*/, '')
  const other = guestUrl(address, 'stately', 'not-the-one-that-was-printed')
  for (let times = 0; times < 20; times++) {
    expect(await turnedAway(none)).toEqual([1008, expect.stringMatching(/^No token: .*\?token=/)])
    expect(await turnedAway(other)).toEqual([1008, expect.stringMatching(/^Another token: .*printed/)])
    expect(await turnedAway(`${none}?token=`)).toEqual([1008, expect.stringMatching(/^No token/)])
  }
  expect((await turnedAway(guestUrl(address, 'xstate', 'x')))[0]).toBe(1008)
  expect(warnings).toEqual([
    expect.stringMatching(/@statelyai\/inspect was refused: its URL gives no token\. Give it the address/),
    expect.stringMatching(/@statelyai\/inspect was refused: its URL gives another token than/),
    expect.stringMatching(/@xstate\/inspect was refused: its URL gives another token than .*--connect/),
  ])
  for (const text of [...warnings, (await turnedAway(other))[1]]) {
    expect(text).not.toContain(tokenOf(address))
    expect(text).not.toContain('not-the-one')
  }
  const all = [
    { guest: '@statelyai/inspect', token: 'none' },
    { guest: '@statelyai/inspect', token: 'other' },
    { guest: '@xstate/inspect', token: 'other' },
  ]
  await client.until(() => refused().length === 3)
  expect(refused().at(-1)).toEqual(all)
  // No service is listed for it, and a page that comes later hears of it as well.
  expect(client.states.size).toBe(0)
  const late = await new Client(address).connect()
  await late.until(() => late.all('refused-guests').length === 1)
  expect(late.all('refused-guests')[0]?.refused).toEqual(all)
  await late.disconnect()
})

test('once a guest is let in, nothing is said of its protocol any more, until the next one is refused', async () => {
  const { warnings, address, client, refused } = await warned()
  const other = guestUrl(address, 'stately', 'x')
  await turnedAway(other)
  await turnedAway(guestUrl(address, 'xstate', 'x'))
  const good = await guest(guestUrl(address, 'stately'))
  await client.until(() => refused().at(-1)?.length === 1)
  expect(refused().at(-1)).toEqual([{ guest: '@xstate/inspect', token: 'other' }])
  await turnedAway(other)
  expect(warnings).toHaveLength(3)
  good?.close()
})

test('who is foreign is refused without a word, and tells nobody anything', async () => {
  const { warnings, address } = await warned()
  const socket = new WebSocket(guestUrl(address, 'stately', 'x'), { origin: 'http://evil.example' })
  const status = await new Promise((resolve) => {
    socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode))
    socket.once('open', () => resolve('open'))
  })
  socket.on('error', () => {}).terminate()
  expect(status).toBe(403)
  expect(warnings).toEqual([])
})

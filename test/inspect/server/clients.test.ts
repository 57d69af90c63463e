import { type Clock, createSupervisor, defineService, type InspectOptions, type Supervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { assign, setup } from 'xstate'
import { ManualClock } from '../../kit/clock.js'
import { Client } from './kit.js'

const counter = defineService({
  id: 'counter',
  version: 1,
  machine: setup({
    types: { context: {} as { count: number; note: string }, events: {} as { type: 'ADD'; note: string } },
  }).createMachine({
    id: 'counter',
    context: { count: 0, note: '' },
    on: {
      ADD: {
        actions: assign({ count: ({ context }) => context.count + 1, note: ({ event }) => event.note }),
      },
    },
  }),
})

async function serving(
  options: InspectOptions = {},
  onWarning: (warning: Error) => void = () => {},
  clock?: Clock,
): Promise<{ supervisor: Supervisor; address: string }> {
  const inspect = { port: 0, onListening: () => {}, ...options }
  const supervisor = await createSupervisor({
    store: memoryStore(),
    inspect,
    onWarning,
    ...(clock && { clock }),
  })
  onTestFinished(async () => void (await supervisor.close()))
  return { supervisor, address: supervisor.inspectAddress ?? '' }
}

function clientOf(address: string, options?: ConstructorParameters<typeof Client>[1]): Client {
  const client = new Client(address, options)
  onTestFinished(() => client.disconnect())
  return client
}

const hello = (client: Client) => ({
  type: 'hello',
  version: 1,
  token: client.address.split('token=')[1],
  seen: {},
})

test.each([
  ['TOKEN', 'another first message', () => ({ type: 'ack', incarnation: 'x', sequence: 1 })],
  ['TOKEN', 'a hello of another token', (client: Client) => ({ ...hello(client), token: 'no' })],
  ['TOKEN', 'an unknown first message', () => ({ type: 'what' })],
  ['VERSION', 'an unknown version', (client: Client) => ({ ...hello(client), version: 2 })],
  ['MALFORMED', 'a hello without what it must have', () => ({ type: 'hello', version: 1 })],
  ['MALFORMED', 'no object', () => [1]],
] as const)('%s: %s is refused by name and ends its connection alone', async (code, _, message) => {
  const { supervisor, address } = await serving()
  const good = await clientOf(address).connect()
  const bad = clientOf(address)
  const socket = await bad.open()
  const closed = new Promise<readonly [number, string]>((resolve) =>
    socket.once('close', (number, reason) => resolve([number, String(reason)])),
  )
  bad.send(message(bad))
  expect(await closed).toEqual([1008, code])
  expect(bad.messages).toEqual([{ type: 'refused', code, message: expect.any(String) }])
  const service = await supervisor.start(counter, { key: 'c' })
  await service.send({ type: 'ADD', note: 'on' })
  await good.until(() => good.of('c').some(({ kind }) => kind === 'step'))
})

test.each([
  ['MALFORMED', 'no JSON', '{'],
  ['MALFORMED', 'a control message of another shape', '{"type":"control","id":1,"request":{"type":"send"}}'],
  [
    'OUT_OF_ORDER',
    'an acknowledgement of what was not sent',
    '{"type":"ack","incarnation":"x","sequence":5}',
  ],
  [
    'TOO_LARGE',
    'more than a mebibyte',
    `{"type":"ack","incarnation":"${'x'.repeat(1024 * 1024)}","sequence":0}`,
  ],
] as const)('%s: %s is refused later on as well', async (code, _, text) => {
  const { address } = await serving()
  const client = clientOf(address)
  const socket = await client.open()
  client.send(hello(client))
  await client.until(() => client.all('hello').length > 0)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.send(text)
  expect(await closed).toBe(1008)
  expect(client.all('refused')).toMatchObject([{ code }])
})

test('a second hello, bytes, and more than four mebibytes end the connection; an unknown type does not', async () => {
  const { address } = await serving()
  const ended = async (send: (client: Client, socket: Awaited<ReturnType<Client['open']>>) => void) => {
    const client = clientOf(address)
    const socket = await client.open()
    client.send(hello(client))
    await client.until(() => client.all('hello').length > 0)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    send(client, socket)
    return { code: await closed, refused: client.all('refused').map(({ code }) => code) }
  }
  expect(await ended((client) => client.send(hello(client)))).toEqual({
    code: 1008,
    refused: ['OUT_OF_ORDER'],
  })
  expect(await ended((_, socket) => socket.send(Buffer.from([1, 2])))).toEqual({
    code: 1008,
    refused: ['MALFORMED'],
  })
  expect(await ended((_, socket) => socket.send('x'.repeat(5 * 1024 * 1024)))).toEqual({
    code: 1009,
    refused: [],
  })
  const client = await clientOf(address).connect()
  client.send({ type: 'what' })
  await client.until(() => client.all('refused').length > 0)
  client.send({ type: 'history', id: 1, key: 'nobody' })
  await client.until(() => client.all('history').length > 0)
  expect(client.all('refused')).toMatchObject([{ code: 'UNKNOWN_TYPE' }])
  expect(client.all('history')).toEqual([{ type: 'history', id: 1, key: 'nobody', checkpoints: [] }])
})

test('the past is kept within its budget, and what made room is told as a gap with what follows from it', async () => {
  const memoryBytes = 400_000
  const { supervisor, address } = await serving({ memoryBytes })
  const service = await supervisor.start(counter, { key: 'c' })
  const early = await clientOf(address).connect()
  const note = 'x'.repeat(1000)
  for (let at = 0; at < 600; at++) {
    await service.send({ type: 'ADD', note: `${at}${note}` })
    // Who is here has all before it makes room.
    if (at % 100 === 99)
      await early.until(() => early.of('c').filter(({ kind }) => kind === 'step').length === at + 1)
  }
  const late = await clientOf(address).connect()
  await late.until(() => (JSON.stringify(late.states.get('c')) ?? '').includes('"count":600'))
  const [gap] = late.all('gap')
  expect(gap).toMatchObject({ from: 1, reason: 'budget' })
  const [first] = late.of('c')
  expect(first?.sequence).toBe((gap?.to ?? 0) + 1)
  const kept = JSON.stringify(late.of('c')).length
  expect(kept).toBeGreaterThan(memoryBytes / 4)
  expect(kept).toBeLessThan(memoryBytes * 1.1)
  expect(late.states.get('c')).toEqual(early.states.get('c'))
})

test('a client that acknowledges nothing is sent so much and no more, and nobody waits for it', async () => {
  const { supervisor, address } = await serving()
  const service = await supervisor.start(counter, { key: 'c' })
  const silent = await clientOf(address, { acknowledges: false }).connect()
  const other = await clientOf(address).connect()
  const note = 'x'.repeat(100_000)
  for (let at = 0; at < 60; at++) await service.send({ type: 'ADD', note: `${at}${note}` })
  await other.until(() => other.of('c').filter(({ kind }) => kind === 'step').length === 60)
  const had = silent.of('c').length
  expect(had).toBeLessThan(other.of('c').length)
  const [incarnation = ''] = silent.entries.keys()
  silent.send({ type: 'ack', incarnation, sequence: silent.seen[incarnation] })
  await silent.until(() => silent.of('c').length > had)
})

test('what is to be hidden is hidden everywhere: in entries, in what the store holds, in its history', async () => {
  const canary = (name: string) => `canary-${name}`
  const { supervisor, address } = await serving({ redact: ['note', 'message'], control: true })
  const service = await supervisor.start(counter, { key: 'c' })
  await service.send({ type: 'ADD', note: canary('sent') })
  await service.pause()
  void service.send({ type: 'ADD', note: canary('waiting') })
  await service.checkpoint()
  const client = await clientOf(address).connect()
  await client.until(() => client.of('c').some(({ kind }) => kind === 'inbox'))
  await client.until(() => client.all('stored').some(({ complete }) => complete))
  client.send({ type: 'history', id: 1, key: 'c' })
  await client.until(() => client.all('history').length > 0)
  const text = JSON.stringify(client.messages)
  expect(text).toContain('[redacted]')
  expect(text).not.toContain('canary')
  expect(client.all('history')[0]?.checkpoints.length).toBeGreaterThan(1)
})

test('`only` chooses services, for the store too; one for which it throws is not shown', async () => {
  const warnings: string[] = []
  const only: InspectOptions['only'] = ({ key }) => {
    if (key === 'trap') throw new Error('caught')
    return key === 'shown'
  }
  const { supervisor, address } = await serving({ only }, ({ message }) => void warnings.push(message))
  for (const key of ['shown', 'hidden', 'trap']) await supervisor.start(counter, { key })
  const client = await clientOf(address).connect()
  await client.until(() => client.all('stored').some(({ complete }) => complete))
  await client.until(() => client.of('shown').some(({ kind }) => kind === 'commit'))
  expect(JSON.stringify(client.messages)).not.toMatch(/hidden|trap/)
  expect(warnings).toEqual([expect.stringContaining('caught')])
})

test('`only` is asked for each service, also where one has the key of another that was removed', async () => {
  const only: InspectOptions['only'] = ({ definition }) => definition !== 'secret'
  const clock = new ManualClock()
  const { supervisor, address } = await serving({ only }, () => {}, clock)
  await supervisor.start(counter, { key: 'k' })
  const client = await clientOf(address).connect()
  await client.until(() =>
    client.all('stored').some(({ services }) => services.some(({ key }) => key === 'k')),
  )
  await supervisor.remove('k')
  const secret = await supervisor.start(
    defineService({ id: 'secret', version: 1, machine: counter.machine }),
    { key: 'k' },
  )
  await secret.send({ type: 'ADD', note: 'canary' })
  // The store is looked through again.
  await clock.advance(1000)
  await client.until(() => client.all('stored').some(({ removed }) => removed.includes('k')))
  const late = await clientOf(address).connect()
  await late.until(() => late.all('stored').some(({ complete }) => complete))
  const text = JSON.stringify([client.messages, late.messages])
  expect(text).toContain('"counter"')
  expect(text).not.toMatch(/secret|canary/)
})

test('the address takes another free port by default, and is refused where one is named that is taken', async () => {
  const { address } = await serving({ port: 0 })
  const port = Number(new URL(address).port)
  const again = createSupervisor({ store: memoryStore(), inspect: { port } })
  await expect(again).rejects.toMatchObject({ code: 'PORT_IN_USE', port })
  const one = await createSupervisor({ store: memoryStore(), inspect: { onListening: () => {} } })
  const two = await createSupervisor({ store: memoryStore(), inspect: { onListening: () => {} } })
  expect(new Set([one.inspectAddress, two.inspectAddress]).size).toBe(2)
  await one.close()
  await two.close()
})

import { type CheckpointSummary, createSupervisor, type Store, type StoreReader } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { HIDE_NOTHING } from '../../../src/inspect/redact.js'
import { Connection } from '../../../src/inspect/server/connection.js'
import { StoredWatch } from '../../../src/inspect/server/stored-watch.js'
import { Journal } from '../../../src/inspect/stream/journal.js'
import type { ControlCommand, ServerMessage } from '../../../src/inspect/stream/message.js'
import { systemClock } from '../../../src/runtime/clock.js'
import { Client } from './kit.js'

/** What was asked for and is not answered yet, in this order. */
class Asked {
  readonly keys: string[] = []
  #answer: (() => void)[] = []

  ask<T>(key: string, answer: T): Promise<T> {
    this.keys.push(key)
    return new Promise((resolve) => this.#answer.push(() => resolve(answer)))
  }

  /** Answers all that is asked for, and what is asked for after it. */
  answerAll(): void {
    for (const answer of this.#answer.splice(0)) answer()
  }
}

/** A client of which the test knows what waits in its socket. */
function greeted(
  control?: (command: ControlCommand) => Promise<null>,
  list: StoreReader['list'] = async () => [],
) {
  const asked = new Asked()
  const history = (key: string) => asked.ask(key, [])
  const store = { list, load: async () => Promise.reject(new Error('none')), history }
  const stored = new StoredWatch(store, HIDE_NOTHING, () => true, systemClock)
  const sent: ServerMessage[] = []
  /** That each text takes in the socket. */
  let weight = 0
  const left: (() => void)[] = []
  const ended: [number, string][] = []
  const socket = {
    bufferedAmount: 0,
    send: (text: string | Uint8Array, hasLeft: () => void) => {
      sent.push(JSON.parse(String(text)))
      left.push(hasLeft)
      socket.bufferedAmount += weight
    },
    close: (code: number, reason: string) => void ended.push([code, reason]),
  }
  const connection = new Connection(socket, {
    journal: new Journal(0),
    stored,
    hello: { pid: 1 },
    isToken: () => true,
    arrives: async () => {},
    control,
  })
  onTestFinished(async () => {
    connection.end()
    await stored.close()
  })
  const send = (message: object) => connection.receive(JSON.stringify(message))
  send({ type: 'hello', version: 1, token: '', seen: {} })
  /** So many bytes wait now, and one text has left. */
  const waits = (bufferedAmount: number) => {
    socket.bufferedAmount = bufferedAmount
    left.shift()?.()
  }
  const weighs = (bytes: number) => {
    weight = bytes
  }
  const ask = (id: number) => send({ type: 'history', id, key: `k${id}` })
  const all = <Type extends ServerMessage['type']>(type: Type) =>
    sent.filter((message): message is Extract<ServerMessage, { type: Type }> => message.type === type)
  return { asked, send, ask, waits, weighs, all, ended }
}

const MIB = 1024 * 1024

test('what one client asks of the store is asked one after another, and no more of it waits than is taken', async () => {
  const inner = memoryStore()
  const asked = new Asked()
  const store: Store = {
    location: inner.location,
    durability: inner.durability,
    read: () => inner.read(),
    async claim() {
      const claim = await inner.claim()
      return { ...claim, epoch: claim.epoch, history: (key: string) => asked.ask(key, []) }
    },
  }
  const inspect = { port: 0, onListening: () => {} }
  const supervisor = await createSupervisor({ store, inspect })
  onTestFinished(async () => void (await supervisor.close()))
  const client = await new Client(supervisor.inspectAddress ?? '').connect()
  const other = await new Client(supervisor.inspectAddress ?? '').connect()
  onTestFinished(() => client.disconnect())
  onTestFinished(() => other.disconnect())
  const ids = Array.from({ length: 150 }, (_, id) => id)
  for (const id of ids) client.send({ type: 'history', id, key: `k${id}` })
  const problems = () => client.all('history').filter(({ problem }) => problem?.code === 'TOO_MANY')
  await client.until(() => problems().length === 49)
  // Nobody else waits for it.
  other.send({ type: 'history', id: 1, key: 'other' })
  other.send({ type: 'what' })
  await other.until(() => other.all('refused').length > 0)
  expect(asked.keys).toEqual(['k0', 'other'])
  const answered = () => client.all('history').filter(({ problem }) => problem === undefined)
  while (answered().length < 101) {
    const before = answered().length
    asked.answerAll()
    await client.until(() => answered().length === before + 1)
  }
  expect(problems().map(({ id }) => id)).toEqual(ids.slice(101))
  expect(answered().map(({ id }) => id)).toEqual(ids.slice(0, 101))
  // It goes on.
  client.send({ type: 'history', id: 200, key: 'late' })
  await expect.poll(() => asked.keys.at(-1)).toBe('late')
  asked.answerAll()
  await client.until(() => answered().at(-1)?.id === 200)
})

test('what a client asks of the store waits until there is room for the answer', async () => {
  const { asked, ask, waits, all } = greeted()
  await expect.poll(() => all('stored').length).toBe(1)
  waits(8 * MIB)
  for (const id of [1, 2]) ask(id)
  expect(asked.keys).toEqual([])
  waits(8 * MIB - 1)
  expect(asked.keys).toEqual(['k1'])
  waits(9 * MIB)
  asked.answerAll()
  await expect.poll(() => all('history').length).toBe(1)
  expect(asked.keys).toEqual(['k1'])
  waits(0)
  expect(asked.keys).toEqual(['k1', 'k2'])
})

test('one that asks on and on and reads nothing is sent no more, and ended by name', async () => {
  const { asked, send, ask, waits, all, ended } = greeted()
  await expect.poll(() => all('stored').length).toBe(1)
  ask(1)
  ask(2)
  waits(32 * MIB)
  send({ type: 'what' })
  expect(ended).toEqual([])
  waits(32 * MIB + 1)
  send({ type: 'what' })
  send({ type: 'what' })
  expect(ended).toEqual([[1008, 'TOO_MANY']])
  expect(all('refused').map(({ code }) => code)).toEqual(['UNKNOWN_TYPE', 'TOO_MANY'])
  asked.answerAll()
  waits(0)
  await new Promise(setImmediate)
  expect(asked.keys).toEqual(['k1'])
  expect(all('history')).toEqual([])
})

test('all that the store holds comes at first, however much that is, and what comes after it is bounded', async () => {
  const rows = new Asked()
  const facts = { service: 'lamp', version: 1, sequence: 1, savedAtMs: 1, epoch: 1, size: 1 } as const
  const summary = (at: number): CheckpointSummary => ({
    ...facts,
    key: `k${String(at).padStart(3, '0')}`,
    phase: 'running',
    wakeAtMs: undefined,
  })
  const keys = Array.from({ length: 400 }, (_, at) => summary(at))
  const list: StoreReader['list'] = ({ after = '' } = {}) =>
    rows.ask(after, keys.filter(({ key }) => key > after).slice(0, 200))
  const { send, waits, weighs, all, ended } = greeted(undefined, list)
  await expect.poll(() => rows.keys).toEqual([''])
  weighs(40 * MIB)
  for (const after of ['k199', 'k399']) {
    rows.answerAll()
    await expect.poll(() => rows.keys.at(-1)).toBe(after)
  }
  rows.answerAll()
  await expect.poll(() => all('stored').at(-1)?.complete).toBe(true)
  expect(all('stored').flatMap(({ services }) => services)).toHaveLength(400)
  // What came at first counts for nobody.
  weighs(0)
  waits(152 * MIB)
  send({ type: 'what' })
  expect(ended).toEqual([])
  waits(152 * MIB + 1)
  send({ type: 'what' })
  expect(ended).toEqual([[1008, 'TOO_MANY']])
})

test('no more commands of one client are under way than is taken', async () => {
  const asked = new Asked()
  const { send, all } = greeted((command) => asked.ask(command.type, null))
  const ids = Array.from({ length: 102 }, (_, id) => id)
  for (const id of ids) send({ type: 'control', id, request: { type: 'resume', key: 'k' } })
  expect(asked.keys).toHaveLength(100)
  expect(all('controlled')).toMatchObject([100, 101].map((id) => ({ id, problem: { code: 'TOO_MANY' } })))
  asked.answerAll()
  await expect.poll(() => all('controlled').length).toBe(102)
  send({ type: 'control', id: 200, request: { type: 'resume', key: 'k' } })
  expect(asked.keys).toHaveLength(101)
})

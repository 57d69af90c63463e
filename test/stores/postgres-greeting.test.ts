import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Pool } from 'pg'
import { postgresStore } from 'tardigrade/stores/postgres'
import { expect, onTestFinished, test, vi } from 'vitest'

/** A message of Postgres: its type, its length, what it says. */
function message(type: string, ...body: readonly (number | string)[]): Buffer {
  const parts = body.map((part) => {
    if (typeof part === 'string') return Buffer.from(`${part}\0`)
    const four = Buffer.alloc(4)
    four.writeInt32BE(part)
    return four
  })
  const length = Buffer.alloc(4)
  length.writeInt32BE(4 + Buffer.concat(parts).length)
  return Buffer.concat([Buffer.from(type), length, ...parts])
}

const READY = Buffer.concat([message('R', 0), message('K', 1, 2), Buffer.from('Z\0\0\0\x05I', 'latin1')])
const LAST = message('E', 'SFATAL', 'VFATAL', 'C57P01', 'Mterminating connection', '')

/** A server that greets whoever comes. */
async function start(greet: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.once('data', () => greet(socket))
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  // A server that listens on an IP has an address.
  return `postgres://anybody@127.0.0.1:${(server.address() as AddressInfo).port}/any`
}

/** One that ends as a connection is made: its greeting and its last word come in one piece, as over a slow network. */
const startEnding = () => start((socket) => void socket.end(Buffer.concat([READY, LAST])))

test('a connection that an app has of the same pool is its own to hear', async () => {
  const pool = new Pool({ connectionString: await start((socket) => void socket.write(READY)) })
  const reader = await postgresStore(pool, 'any').read()
  const listening = await pool.connect()
  onTestFinished(async () => {
    listening.release(true)
    await reader.close()
    await pool.end()
  })
  await vi.waitFor(() => expect(listening.listenerCount('error')).toBe(0))
})

test.each(['a connection string', 'a pool'])(
  'a server that ends as a connection is made is away, over %s',
  async (over) => {
    const url = await startEnding()
    const pool = new Pool({ connectionString: url })
    pool.on('error', () => {})
    onTestFinished(() => pool.end())
    const connection = over === 'a pool' ? pool : url
    const open = () => postgresStore(connection, 'any', { patienceMs: 200 })
    const away = { code: 'STORE_UNREACHABLE' }
    await expect(open().claim()).rejects.toMatchObject(away)
    const reader = await open().read()
    onTestFinished(() => reader.close())
    await expect(reader.list()).rejects.toMatchObject(away)
    // Once, for all stores over it.
    expect(pool.listenerCount('connect')).toBe(over === 'a pool' ? 1 : 0)
  },
)

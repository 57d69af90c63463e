import { Pool } from 'pg'
import { StoreFailedError } from 'tardigrade'
import { type PgClientLike, type PgPoolLike, type PgQuery, postgresStore } from 'tardigrade/stores/postgres'
import { expect, onTestFinished, test } from 'vitest'
import { lockOf } from '../../src/stores/postgres/site.js'
import { commitAll } from '../../src/testing/contract/store/requests.js'
import { Gate } from '../kit/gate.js'
import { Postgres } from './postgres-kit.js'
import { LONG_MS, overflows } from './server-kit.js'

/*
 * Claims that wait, for another owner or for who makes the tables, and claims that are disturbed: the network breaks or swallows what is
 * sent, the claimer itself stands still.
 */
const postgres = new Postgres()

/** A pool whose connections tell what they are asked, before they ask it. */
function heard(pool: PgPoolLike, hear: (text: string) => void | Promise<void>): PgPoolLike {
  const connect = async () => {
    const client = await pool.connect()
    const query = client.query.bind(client)
    client.query = async (question) => {
      await hear(question.text)
      return query(question)
    }
    return client
  }
  return { connect }
}

test.each([{}, { connectionTimeoutMillis: 60 }])(
  'a pool whose connections are all in use is told apart from a server that is away: %o',
  async (options) => {
    const pool = new Pool({ connectionString: postgres.server.url, max: 1, ...options })
    onTestFinished(() => pool.end())
    const open = () => postgresStore(pool, postgres.newName(), { patienceMs: 200 })
    const claim = await open().claim()
    const busy = {
      code: 'STORE_UNREACHABLE',
      message: expect.stringContaining('max: 1'),
      remedy: expect.stringContaining('Give the pool more connections'),
    }
    await expect(open().claim()).rejects.toMatchObject(busy)
    const reader = await open().read()
    await expect(reader.load('a')).rejects.toMatchObject(busy)
    await claim.close()
    expect(await reader.load('a')).toBeUndefined()
  },
)

test('a pool that has room is not blamed for a server that is away', async () => {
  const { proxy, name } = await postgres.proxied()
  await proxy.close()
  const pool = postgres.newPool(proxy.port)
  onTestFinished(() => pool.end())
  await expect(postgresStore(pool, name, { patienceMs: 200 }).claim()).rejects.toMatchObject({
    remedy: expect.stringContaining('See that its server runs'),
  })
})

test.each(LONG_MS)('a patience that no timer can hold is kept: %i ms', async (patienceMs) => {
  const told = overflows()
  const claim = await postgresStore(postgres.server.url, postgres.newName(), { patienceMs }).claim()
  await commitAll(claim, 'a', [1, 2])
  await claim.close()
  expect(told).toEqual([])
})

const LOOK = 'pg_try_advisory_lock('

test('who waits for a store waits for a server that was away meanwhile', async () => {
  const { proxy, name } = await postgres.proxied()
  const first = await postgresStore(postgres.server.url, name).claim()
  const pool = postgres.newPool(proxy.port)
  onTestFinished(() => pool.end())
  let looks = 0
  const looking = heard(pool, (text) => {
    if (!text.includes(LOOK)) return
    looks++
    if (looks === 2) proxy.cut()
    if (looks === 4) void first.close()
  })
  const second = await postgresStore(looking, name, { whenLocked: 'wait' }).claim()
  expect(second.epoch).toBe(first.epoch + 1)
  await second.close()
})

test('who waits no longer has written nothing, and has left the line', async () => {
  const name = postgres.newName()
  const first = await postgresStore(postgres.server.url, name).claim()
  const given = new AbortController()
  const reason = new StoreFailedError(name)
  const looking = heard(postgres.pool, (text) => {
    if (text.includes(LOOK)) given.abort(reason)
  })
  const waiting = postgresStore(looking, name, { whenLocked: 'wait' }).claim({ signal: given.signal })
  await expect(waiting).rejects.toBe(reason)
  await first.close()
  const next = await postgresStore(postgres.server.url, name).claim()
  expect(next.epoch).toBe(first.epoch + 1)
  await next.close()
})

test('who waits for a store asks anew where the server has gone without a word', async () => {
  const { proxy, name } = await postgres.proxied()
  const first = await postgresStore(postgres.server.url, name).claim()
  const pool = postgres.newPool(proxy.port)
  onTestFinished(() => pool.end())
  let looks = 0
  const looking = heard(pool, (text) => {
    if (!text.includes(LOOK) || ++looks !== 2) return
    proxy.halt()
    void first.close()
  })
  const connect = () => {
    // The network is back for whoever tries it again.
    if (looks === 2) proxy.go()
    return looking.connect()
  }
  const waiting = postgresStore({ connect }, name, { whenLocked: 'wait', patienceMs: 2000 }).claim()
  const second = await waiting
  expect(second.epoch).toBe(first.epoch + 1)
  await commitAll(second, 'a', [1])
  await second.close()
})

test('who waits for others to make the tables finds out that the server has gone without a word', async () => {
  const { proxy, name } = await postgres.proxied()
  const making = await postgres.pool.connect()
  onTestFinished(() => making.release(true))
  const { schemaLock, options } = {
    schemaLock: lockOf('made'),
    options: { schema: 'made', patienceMs: 1000 },
  }
  await making.query('SELECT pg_advisory_lock($1, $2)', [...schemaLock])
  const pool = postgres.newPool(proxy.port)
  onTestFinished(() => pool.end())
  const waiting = postgresStore(pool, name, options).claim()
  const refused = expect(waiting).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
  const queued = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`
  while ((await postgres.pool.query(queued)).rows.length === 0);
  proxy.halt()
  await refused
  proxy.go()
  const claim = postgresStore(postgres.server.url, postgres.newName(), options).claim()
  while ((await postgres.pool.query(queued)).rows.length === 0);
  await making.query('SELECT pg_advisory_unlock_all()')
  await (await claim).close()
})

test('who waits for a store for longer than a server may be away waits on, and is refused nothing', async () => {
  const name = postgres.newName()
  const first = await postgresStore(postgres.server.url, name).claim()
  let looks = 0
  const failed: unknown[] = []
  const pool: PgPoolLike = {
    connect: async () => {
      const client = await postgres.pool.connect()
      const query: PgClientLike['query'] = client.query.bind(client)
      return Object.assign(client, {
        query: (question: PgQuery) => {
          if (question.text.includes(LOOK) && ++looks === 4) void first.close()
          const answer = query(question)
          answer.catch((error: Error) => {
            // The server writes down what it refuses.
            if ('severity' in error) failed.push(error)
          })
          return answer
        },
      })
    },
  }
  const second = await postgresStore(pool, name, { whenLocked: 'wait', patienceMs: 400 }).claim()
  onTestFinished(() => second.close())
  expect(second.epoch).toBe(first.epoch + 1)
  expect(failed).toEqual([])
})

test('a claim that stands still in its middle keeps no other one of the schema waiting', async () => {
  const schema = 'still'
  const standing = new Gate()
  let stoodStill = () => {}
  const stands = new Promise<void>((resolve) => {
    stoodStill = resolve
  })
  const pool = heard(postgres.pool, (text) => {
    if (text !== 'COMMIT') return
    standing.shut()
    stoodStill()
    return standing.pass()
  })
  const still = postgresStore(pool, postgres.newName(), { schema, patienceMs: 2000 }).claim()
  const refused = expect(still).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
  await stands
  const other = await postgresStore(postgres.server.url, postgres.newName(), { schema }).claim()
  onTestFinished(() => other.close())
  await commitAll(other, 'a', [1])
  standing.open()
  await refused
})

/** What a claim asks when it has the store's lock. */
const OF_A_CLAIM = ['SELECT to_regclass', 'SELECT format', 'INSERT INTO', 'COMMIT']

test.each(OF_A_CLAIM)(
  'a server that goes without a word in the middle of a claim is given up: %s',
  async (asked) => {
    await (await postgresStore(postgres.server.url, postgres.newName()).claim()).close()
    const { proxy, name } = await postgres.proxied()
    const pool = postgres.newPool(proxy.port)
    onTestFinished(() => pool.end())
    const silent = heard(pool, (text) => {
      if (text.includes(asked)) proxy.halt()
    })
    const claim = postgresStore(silent, name, { patienceMs: 600 }).claim()
    await expect(claim).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
  },
)

test.each(OF_A_CLAIM)(
  'who waits for a store is patient in the middle of its claim, too: %s',
  async (asked) => {
    await (await postgresStore(postgres.server.url, postgres.newName()).claim()).close()
    const { proxy, name } = await postgres.proxied()
    const pool = postgres.newPool(proxy.port)
    onTestFinished(() => pool.end())
    let breaks = 2
    const breaking = heard(pool, (text) => {
      if (text.includes(asked) && breaks-- > 0) proxy.cutAtNextAnswer()
    })
    const claim = await postgresStore(breaking, name, { whenLocked: 'wait' }).claim()
    onTestFinished(() => claim.close())
    expect(breaks).toBe(-1)
    await commitAll(claim, 'a', [1])
  },
)

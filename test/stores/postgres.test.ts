import { Client } from 'pg'
import { createSupervisor, defineService } from 'tardigrade'
import { type PostgresStoreOptions, postgresStore } from 'tardigrade/stores/postgres'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createMachine } from 'xstate'
import { accepted, commitAll, request } from '../../src/testing/contract/store/requests.js'
import { describeStoreContract } from './contract.js'
import { Postgres } from './postgres-kit.js'

const postgres = new Postgres()

describeStoreContract('postgres', ({ keep }) => postgres.underTest({ keep }), { runs: 8 })

/** A claim that goes away with the test, of a store of its own. */
async function claimed(options: PostgresStoreOptions = {}, name = postgres.newName()) {
  const claim = await postgresStore(postgres.server.url, name, options).claim()
  onTestFinished(() => claim.close())
  return claim
}

describe('the tables', () => {
  test('are made by the first claim, and by no reading', async () => {
    const store = postgresStore(postgres.server.url, 'first', { schema: 'Own_1' })
    const schemas = `SELECT FROM pg_namespace WHERE nspname = 'Own_1'`
    const reader = await store.read()
    onTestFinished(() => reader.close())
    expect(await reader.list()).toEqual([])
    expect((await postgres.pool.query(schemas)).rows).toHaveLength(0)

    // All of them find none, and want to make them.
    const names = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth']
    const [claim, beside] = await Promise.all(names.map((name) => claimed({ schema: 'Own_1' }, name)))
    if (claim === undefined || beside === undefined) throw new Error('no claim')
    await commitAll(claim, 'a', [1])
    expect((await reader.load('a'))?.sequence).toBe(1)
    expect(await beside.list()).toEqual([])
  })

  test('can be read with any tool', async () => {
    const name = postgres.newName()
    await commitAll(await claimed({}, name), 'a', [1, 2])
    const { rows } = await postgres.pool.query(
      'SELECT key, phase, text FROM tardigrade.newest JOIN tardigrade.store ON id = store WHERE name = $1',
      [name],
    )
    expect(rows).toEqual([{ key: 'a', phase: 'running', text: 'a at 2' }])
  })

  test('of newer code are left alone', async () => {
    const options = { schema: 'newer' }
    await (await claimed(options)).close()
    await postgres.pool.query('UPDATE newer.format SET format = 99')
    const newer = { code: 'NEWER_STORE', storedFormat: 99 }
    await expect(claimed(options)).rejects.toMatchObject(newer)
    const reader = await postgresStore(postgres.server.url, 'any', options).read()
    await expect(reader.list()).rejects.toMatchObject(newer)
    await reader.close()
  })

  test('of the format before are brought up to date by a claim, and what is in them stays', async () => {
    const options = { schema: 'older' }
    const name = postgres.newName()
    const before = await postgresStore(postgres.server.url, name, options).claim()
    await commitAll(before, 'a', [1, 2])
    await before.close()
    await postgres.pool.query(`
      ALTER TABLE older.store DROP COLUMN token, DROP COLUMN written;
      UPDATE older.format SET format = 1`)
    const claim = await claimed(options, name)
    expect(claim.epoch).toBe(before.epoch + 1)
    await commitAll(claim, 'a', [3])
    expect((await claim.history('a')).map(({ sequence }) => sequence)).toEqual([3, 2, 1])
    expect((await postgres.pool.query('SELECT format FROM older.format')).rows).toEqual([{ format: 2 }])
  })

  test('that are damaged are told as that', async () => {
    const claim = await claimed({ schema: 'damaged' })
    await postgres.pool.query('DROP TABLE damaged.checkpoint CASCADE')
    await expect(claim.load('a')).rejects.toMatchObject({ code: 'STORE_DAMAGED', key: 'a' })
    await expect(claim.commit([request('a', 1)])).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
    const reader = await postgresStore(postgres.server.url, 'any', { schema: 'damaged' }).read()
    await expect(reader.list()).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
    await reader.close()
  })
})

test('keeps what fits when it is asked to keep more or fewer', async () => {
  const name = postgres.newName()
  const sequences = { a: 0, b: 0 }
  const steps: readonly (readonly [keep: number | undefined, commits: number, expected: number])[] = [
    [3, 7, 3],
    [5, 1, 4],
    [undefined, 5, 5],
    [2, 0, 2],
    [1, 0, 1],
    [100, 3, 4],
  ]
  for (const [keep, commits, expected] of steps) {
    const claim = await postgresStore(postgres.pool, name, keep === undefined ? {} : { keep }).claim()
    for (const key of ['a', 'b'] as const) {
      for (let done = 0; done < commits; done++) await commitAll(claim, key, [++sequences[key]])
      const newest = sequences[key]
      const texts = (await claim.history(key)).map(({ text }) => text)
      expect(texts).toEqual(Array.from({ length: expected }, (_, index) => `${key} at ${newest - index}`))
    }
    await claim.close()
  }
})

test('takes a batch with more checkpoints of a key than it keeps', async () => {
  const claim = await claimed({ keep: 2 })
  accepted(await claim.commit([1, 2, 3, 4, 5].map((sequence) => request('a', sequence))))
  expect((await claim.history('a')).map(({ sequence }) => sequence)).toEqual([5, 4])
})

test('who waits for the store has it when its owner closes it', async () => {
  const name = postgres.newName()
  const first = await claimed({}, name)
  const waiting = claimed({ whenLocked: 'wait' }, name)
  const looked = `SELECT FROM pg_stat_activity WHERE state = 'idle' AND query LIKE 'SELECT pg_try_advisory_lock%'`
  while ((await postgres.pool.query(looked)).rows.length === 0);
  await commitAll(first, 'a', [1])
  await first.close()
  const second = await waiting
  expect(second.epoch).toBe(first.epoch + 1)
  await commitAll(second, 'a', [2])
})

test('a store is free as soon as it is closed, however long its connection takes to end', async () => {
  const name = postgres.newName()
  const ending: Client[] = []
  onTestFinished(async () => void (await Promise.all(ending.map((client) => client.end()))))
  const pool = {
    connect: async () => {
      const client = new Client(postgres.server.url)
      await client.connect()
      return Object.assign(client, { release: () => void ending.push(client) })
    },
  }
  await (await postgresStore(pool, name).claim()).close()
  expect((await claimed({}, name)).epoch).toBe(2)
})

test('a pool gets its connections back as they were, and is not ended', async () => {
  const pool = postgres.newPool()
  onTestFinished(() => pool.end())
  const store = postgresStore(pool, postgres.newName())
  const claim = await store.claim()
  const reader = await store.read()
  for (let round = 0; round < 30; round++) await reader.list()
  await claim.close()
  await reader.close()
  const { rows } = await pool.query(`SELECT current_setting('tcp_keepalives_idle') AS idle`)
  expect(rows).not.toEqual([{ idle: '10' }])
  expect(pool.totalCount).toBe(1)
})

describe('a server that keeps no store', () => {
  /** A database of its own, and how to reach it. */
  async function database(name: string, made: string): Promise<string> {
    await postgres.pool.query(`CREATE DATABASE ${name} ${made}`)
    return postgres.server.url.replace(/postgres$/, name)
  }

  test('has no room', async () => {
    const claim = await claimed({ schema: 'full' })
    await commitAll(claim, 'a', [1])
    // The server's own code, at the point where it would come.
    await postgres.pool.query(`
      CREATE FUNCTION "full".refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON "full".checkpoint EXECUTE FUNCTION "full".refuse()`)
    await expect(claim.commit([request('a', 2), request('b', 1)])).rejects.toMatchObject({
      code: 'STORE_FULL',
    })
    expect((await claim.list()).map(({ key, sequence }) => [key, sequence])).toEqual([['a', 1]])
    await postgres.pool.query('DROP TRIGGER refuse ON "full".checkpoint')
    accepted(await claim.commit([request('a', 2), request('b', 1)]))
  })

  test('gives this user no right', async () => {
    await postgres.pool.query('CREATE ROLE reader LOGIN')
    const url = postgres.server.url.replace('postgres@', 'reader@')
    await expect(postgresStore(url, 'any', { schema: 'denied' }).claim()).rejects.toMatchObject({
      code: 'STORE_NOT_WRITABLE',
      cause: { code: '42501' },
    })
  })

  test('has an encoding that cannot keep every text', async () => {
    const url = await database('latin', `TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`)
    await expect(postgresStore(url, 'any').claim()).rejects.toMatchObject({
      code: 'STORE_NOT_WRITABLE',
      message: expect.stringContaining('LATIN1'),
    })
  })

  test('forgets at a power cut, unless that is asked for', async () => {
    const set = async (value: string) => {
      await postgres.pool.query(`ALTER SYSTEM SET fsync = ${value}`)
      await postgres.pool.query('SELECT pg_reload_conf()')
      for (;;) {
        const { rows } = await postgres.pool.query(`SELECT current_setting('fsync') AS fsync`)
        if (rows[0].fsync === value) return
      }
    }
    await set('off')
    onTestFinished(() => set('on'))
    const name = postgres.newName()
    await expect(postgresStore(postgres.pool, name).claim()).rejects.toMatchObject({
      code: 'STORE_NOT_DURABLE',
      asked: 'power',
      message: expect.stringContaining('fsync off'),
    })
    const store = postgresStore(postgres.pool, name, { durability: 'process' })
    expect(store.durability).toBe('process')
    await (await store.claim()).close()
  })

  test('says that nobody need wait for its disk, and is told that we do', async () => {
    const url = await database('hasty', '')
    await postgres.pool.query('ALTER DATABASE hasty SET synchronous_commit = off')
    const [kept, left] = await Promise.all(
      (['power', 'process'] as const).map(async (durability) => {
        let asked: Client | undefined
        const pool = {
          connect: async () => {
            asked = new Client(url)
            await asked.connect()
            return Object.assign(asked, { release: () => void asked?.end() })
          },
        }
        const claim = await postgresStore(pool, durability, { durability, schema: durability }).claim()
        const answer = await asked?.query(`SELECT current_setting('synchronous_commit') AS synchronous`)
        await claim.close()
        return answer?.rows[0].synchronous
      }),
    )
    expect([kept, left]).toEqual(['on', 'off'])
  })
})

test('its location names the server and no password', () => {
  const { location } = postgresStore('postgres://me:secret@db.example:5433/app', 'uploads')
  expect(location).toBe('uploads in Postgres at db.example:5433/app')
  expect(postgresStore('host=x password=secret', 'uploads').location).toBe('uploads in a Postgres')
})

test.each([
  () => postgresStore('', 'a'),
  () => postgresStore({} as never, 'a'),
  () => postgresStore('postgres://x', ''),
  () => postgresStore('postgres://x', 'a', { schema: 'a"b' }),
  () => postgresStore('postgres://x', 'a', { durability: 'none' as never }),
  () => postgresStore('postgres://x', 'a', { patience: 5 } as never),
])('%s is refused', (make) => {
  expect(make).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
})

test('a service lives in it', async () => {
  const store = postgresStore(postgres.server.url, postgres.newName())
  const machine = createMachine({ initial: 'off', states: { off: { on: { PRESS: 'on' } }, on: {} } })
  const lamp = defineService({ id: 'lamp', version: 1, machine })
  const first = await createSupervisor({ store })
  await (await first.start(lamp)).send({ type: 'PRESS' })
  await first.close()
  const second = await createSupervisor({ store })
  expect((await second.start(lamp)).machine.getSnapshot().value).toBe('on')
  await second.close()
})

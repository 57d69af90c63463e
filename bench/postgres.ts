import pg from 'pg'
import { createSupervisor, type Service, type Store } from 'tardigrade'
import { postgresStore } from 'tardigrade/stores/postgres'
import { type PostgresServer, startPostgres } from '../test/kit/servers/postgres.js'
import { alternate, definition, perSecond, type Row, sendEach, thousands } from './kit.js'

const ROUNDS = 9
const SERVICES = 100
const TIMES = 60

const GOAL = { what: 'awaited send, 100 services at once, Postgres', goal: '≥ 0.5' }

/** What whoever has rows to keep would write by hand. */
const UPSERT = `INSERT INTO raw (key, sequence, text) SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[])
  ON CONFLICT (key) DO UPDATE SET sequence = excluded.sequence, text = excluded.text`

/** Awaited `send` on Postgres, 100 services at once, beside a loop that upserts as many rows of the same size in the same batches. */
export async function benchPostgres(): Promise<Row[]> {
  let server: PostgresServer
  try {
    server = await startPostgres('disk')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [{ ...GOAL, ours: `not measured: ${reason}`, yardstick: '', figure: '–', met: false }]
  }
  const counted = { batches: 0, rows: 0 }
  const store = counting(postgresStore(server.url, 'bench'), counted)
  const supervisor = await createSupervisor({ store })
  const client = new pg.Client(server.url)
  await client.connect()
  try {
    await client.query(
      'CREATE TABLE raw (key text PRIMARY KEY, sequence bigint NOT NULL, text text NOT NULL)',
    )
    const services: Service[] = []
    for (let index = 0; index < SERVICES; index++) {
      services.push((await supervisor.start(definition, { key: `service-${index}` })) as unknown as Service)
    }
    const [newest] = await supervisor.list({ limit: 1 })
    const size = newest?.size ?? 0
    await sendEach(services, TIMES)
    const batch = Math.round(counted.rows / counted.batches)
    const { ours, theirs, ratio } = await alternate(
      ROUNDS,
      () => sendEach(services, TIMES),
      () => upsertEach(client, size, batch, SERVICES * TIMES),
    )
    return [
      {
        ...GOAL,
        ours: thousands(ours),
        yardstick: `${thousands(theirs)} a bare upsert loop, ${batch} rows of ${size} bytes at a time`,
        figure: ratio.toFixed(2),
        met: ratio >= 0.5,
      },
    ]
  } finally {
    await supervisor.close()
    await client.end()
    await server.dispose()
  }
}

/** The store, of which it is counted how many rows its batches have. */
function counting(store: Store, counted: { batches: number; rows: number }): Store {
  return {
    ...store,
    claim: async () => {
      const claim = await store.claim()
      return {
        ...claim,
        commit: (batch) => {
          counted.batches++
          counted.rows += batch.length
          return claim.commit(batch)
        },
      }
    },
  }
}

/** Rows a second. */
async function upsertEach(client: pg.Client, size: number, batch: number, count: number): Promise<number> {
  // Quotes, as JSON has them.
  const text = '"a":1,'.repeat(Math.ceil(size / 6)).slice(0, size)
  const began = performance.now()
  for (let written = 0; written < count; written += batch) {
    const keys = Array.from({ length: batch }, (_, index) => `service-${(written + index) % SERVICES}`)
    const values = [keys, keys.map((_, index) => written + index), keys.map(() => text)]
    await client.query({ name: 'upsert', text: UPSERT, values })
  }
  return perSecond(count, performance.now() - began)
}

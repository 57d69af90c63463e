import { createSupervisor, defineService, type InspectOptions, type Store, type Supervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { alternate, definition, perSecond, type Row, thousands, withFolder } from './kit.js'
import { rowsMachine } from './machine.js'

const AT_ONCE = 1000

/** Sends a service the event of a number. */
type Send = (index: number) => Promise<void>
/** Starts a service. */
type Start = (supervisor: Supervisor) => Promise<Send>

const startSmall: Start = async (supervisor) => {
  const service = await supervisor.start(definition)
  return (index) => service.send({ type: index % 2 === 0 ? 'INC' : 'GO' })
}

const rows = defineService({ id: 'rows', version: 1, machine: rowsMachine })

const startRows: Start = async (supervisor) => {
  const service = await supervisor.start(rows)
  return (index) => service.send({ type: 'ROW', at: index % 200 })
}

async function sendAll(send: Send, count: number): Promise<number> {
  const began = performance.now()
  for (let sent = 0; sent < count; sent += AT_ONCE) {
    const acknowledged: Promise<void>[] = []
    for (let index = 0; index < AT_ONCE; index++) acknowledged.push(send(sent + index))
    await Promise.all(acknowledged)
  }
  return perSecond(count, performance.now() - began)
}

/** The same events to a service that is inspected and to one that is not, in one process. */
async function compare(
  where: string,
  start: Start,
  count: number,
  stores: readonly [Store, Store],
  options: InspectOptions = {},
): Promise<Row> {
  const inspect: InspectOptions = { port: 0, onListening: () => {}, ...options }
  const inspected = await createSupervisor({ store: stores[0], inspect })
  const plain = await createSupervisor({ store: stores[1] })
  const ours = await start(inspected)
  const theirs = await start(plain)
  const result = await alternate(
    7,
    () => sendAll(ours, count),
    () => sendAll(theirs, count),
  )
  await inspected.close()
  await plain.close()
  return {
    what: `send to an inspected service, ${where}`,
    ours: thousands(result.ours),
    yardstick: `${thousands(result.theirs)} uninspected`,
    figure: result.ratio.toFixed(2),
    goal: '≥ 0.5',
    met: result.ratio >= 0.5,
  }
}

/** What being inspected costs: every event, step and commit of it is recorded, and ready to be sent. */
export async function benchInspect(): Promise<Row[]> {
  return [
    await compare('memory store', startSmall, 50_000, [memoryStore(), memoryStore()]),
    await compare('memory store, with names to hide', startSmall, 50_000, [memoryStore(), memoryStore()], {
      redact: ['password', /token$/i],
    }),
    await compare('memory store, a list of 200 rows of which each event changes one', startRows, 50_000, [
      memoryStore(),
      memoryStore(),
    ]),
    await withFolder((one) =>
      withFolder((other) =>
        compare('SQLite, with the recording on disk', startSmall, 20_000, [
          sqliteStore(one),
          sqliteStore(other),
        ]),
      ),
    ),
  ]
}

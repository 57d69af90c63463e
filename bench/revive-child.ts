// Revives every service of a store in a fresh process, and prints how long that took, in ms. `bare` does it without this
// library: a SELECT, superjson and XState, with nothing verified, no lifecycle and nobody to keep what comes next.
import { join } from 'node:path'
import superjson from 'superjson'
import { createSupervisor, defineService } from 'tardigrade'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { type Actor, createActor } from 'xstate'
import { loadSqliteDriver } from '../src/stores/sqlite-driver.js'
import { machine } from './kit.js'

const [folder = '', count = '0', how = 'ours'] = process.argv.slice(2)
const keys = Array.from({ length: Number(count) }, (_, index) => `service-${index}`)

async function ours(): Promise<number> {
  const definition = defineService({ id: 'two-kb', version: 1, machine })
  const supervisor = await createSupervisor({ store: sqliteStore(folder) })
  const began = performance.now()
  for (const [index, key] of keys.entries()) {
    const service = await supervisor.start(definition, { key })
    if (service.getSnapshot().value !== 'running') throw new Error(`${key} does not run`)
    // As a supervisor does with idle ones, so that memory is not what is measured.
    if (index % 1000 === 999) supervisor.letGoIdle()
  }
  return performance.now() - began
}

async function bare(): Promise<number> {
  const { DatabaseSync } = await loadSqliteDriver('the benchmark')
  const database = new DatabaseSync(join(folder, 'tardigrade.db'), { readOnly: true })
  const load = database.prepare('SELECT text FROM newest WHERE key = ?')
  let live: Actor<typeof machine>[] = []
  const began = performance.now()
  for (const [index, id] of keys.entries()) {
    // The casts say what `fill` has written.
    const { text } = load.get(id) as { text: string }
    const { root } = superjson.parse(text.slice(text.indexOf('\n') + 1)) as { root: { snapshot: object } }
    const stored = { ...root.snapshot, children: {}, historyValue: {} } as never
    const actor = createActor(machine, { id, snapshot: stored }).start()
    if (actor.getSnapshot().value !== 'a') throw new Error(`${id} is not where it was`)
    live.push(actor)
    if (index % 1000 === 999) live = []
  }
  return performance.now() - began
}

console.log(await (how === 'bare' ? bare() : ours()))
process.exit(0)

// Revives every service of a store in a fresh process, and prints how long that took, in ms.
import { createSupervisor, defineService } from 'tardigrade'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { machine } from './kit.js'

const [folder = '', count = '0'] = process.argv.slice(2)
const definition = defineService({ id: 'two-kb', version: 1, machine })
const supervisor = await createSupervisor({ store: sqliteStore(folder) })
const began = performance.now()
for (let index = 0; index < Number(count); index++) {
  const service = await supervisor.start(definition, { key: `service-${index}` })
  if (service.getSnapshot().value !== 'running') throw new Error(`service ${index} does not run`)
  // As a supervisor does with idle ones, so that memory is not what is measured.
  if (index % 1000 === 999) supervisor.letGoIdle()
}
console.log(performance.now() - began)
process.exit(0)

import { randomBytes } from 'node:crypto'
import type { InspectOptions } from '../../ports/inspector.js'
import type { StoreReader } from '../../ports/store.js'
import { systemClock } from '../../runtime/clock.js'
import type { Inspection } from '../../runtime/inspection.js'
import type { Supervisor } from '../../runtime/supervisor.js'
import type { SupervisorOptions } from '../../runtime/supervisor-options.js'
import { apart } from '../../xstate/apart.js'
import { hiding } from '../redact.js'
import { Journal } from '../stream/journal.js'
import { JournalSink } from '../stream/journal-sink.js'
import { Recorder } from '../stream/recorder.js'
import { controlsOf } from './controls.js'
import { type InspectionServer, serveInspection } from './serve.js'
import { StoredWatch } from './stored-watch.js'
import { isToken, makeToken } from './token.js'

const MEMORY_BYTES = 16 * 1024 * 1024
/** Segments that a budget is for: the oldest of them makes room at a time. */
const SEGMENTS = 8

/** Shows the services of a supervisor of this process. */
export async function inspectionHere(
  options: InspectOptions,
  { store, clock = systemClock }: Pick<SupervisorOptions, 'store' | 'clock'>,
): Promise<Inspection> {
  const { port, control = false, redact, only = () => true, memoryBytes = MEMORY_BYTES } = options
  const { onListening = (address: string) => console.error(`Inspect at ${address}`) } = options
  const hide = hiding(redact)
  const journal = new Journal(memoryBytes)
  const startedAtMs = clock.now()
  const facts = { incarnation: incarnationAt(startedAtMs), pid: process.pid, startedAtMs }
  const sink = new JournalSink(journal, facts, memoryBytes / SEGMENTS, undefined)
  const recorder = new Recorder(sink, hide, clock, (run) => void apart(run))
  let server: InspectionServer | undefined
  let stored: StoredWatch | undefined
  let address: string | undefined
  return {
    inspect: (event, of) => {
      if (only(of)) recorder.inspect(event, of)
    },
    observe: (fact, of) => {
      if (only(of)) recorder.observe(fact, of)
    },
    get address() {
      return address
    },
    begin: async (supervisor: Supervisor, reader: StoreReader) => {
      if (port === false) return
      const token = makeToken()
      stored = new StoredWatch(reader, hide, only, clock)
      const served = {
        journal,
        stored,
        hello: { pid: process.pid, store: store.location },
        isToken: (given: string) => isToken(given, token),
        control: control ? controlsOf(supervisor) : undefined,
      }
      server = await serveInspection(served, port)
      address = `http://127.0.0.1:${server.port}/#token=${token}`
      onListening(address)
    },
    close: async () => {
      recorder.flush()
      sink.end()
      await stored?.close()
      await server?.close()
    },
  }
}

/** A name that no other start has, and that comes after those of earlier ones. */
function incarnationAt(startedAtMs: number): string {
  return `${startedAtMs.toString(36).padStart(9, '0')}-${randomBytes(4).toString('hex')}`
}

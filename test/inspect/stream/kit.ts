import type { SupervisorOptions } from 'tardigrade'
import { hiding } from '../../../src/inspect/redact.js'
import type { Entry } from '../../../src/inspect/stream/entry.js'
import { folded } from '../../../src/inspect/stream/fold.js'
import { Recorder, type Sink } from '../../../src/inspect/stream/recorder.js'
import type { ServiceState } from '../../../src/inspect/stream/state.js'
import { systemClock } from '../../../src/runtime/clock.js'
import { Hosts } from '../../../src/runtime/hosts.js'
import type { Inspection } from '../../../src/runtime/inspection.js'
import { Supervisor } from '../../../src/runtime/supervisor.js'
import { claimStore } from '../../../src/runtime/typed-claim.js'

/** Keeps what a recorder writes, and compares before each entry what it knows with what its entries have told. */
export class Notebook implements Sink {
  readonly entries: Entry[] = []
  readonly charts = new Map<string, unknown>()
  readonly states = new Map<string, ServiceState>()
  /** What the recorder knew otherwise. */
  readonly differences: {
    readonly after: Entry | undefined
    readonly told: unknown
    readonly known: unknown
  }[] = []
  readonly failures: unknown[] = []
  /** So that a segment begins before each entry, and what is known is compared. */
  full = true
  readonly recorder: Recorder

  constructor(redact?: Parameters<typeof hiding>[0], clock = systemClock) {
    this.recorder = new Recorder(this, hiding(redact), clock, (cause) => void this.failures.push(cause))
  }

  chart(hash: string, chart: string): void {
    this.charts.set(hash, JSON.parse(chart))
  }

  segment(first: number, states: Parameters<Sink['segment']>[1]): void {
    if (first !== this.entries.length + 1) throw new Error(`${first} after ${this.entries.length} entries`)
    for (const [key, stateOf] of states) {
      const known: unknown = JSON.parse(JSON.stringify(stateOf(false)))
      const told: unknown = JSON.parse(JSON.stringify(this.states.get(key)))
      if (JSON.stringify(sorted(known)) === JSON.stringify(sorted(told))) continue
      this.differences.push({ after: this.entries.at(-1), told, known })
    }
  }

  entry(text: string): void {
    const entry = JSON.parse(text) as Entry
    this.entries.push(entry)
    const state = folded(this.states.get(entry.key), entry)
    if (state !== undefined) this.states.set(entry.key, state)
  }

  settle(): void {}

  /** The entries of a kind. */
  of<Kind extends Entry['kind']>(kind: Kind): Extract<Entry, { kind: Kind }>[] {
    return this.entries.filter((entry): entry is Extract<Entry, { kind: Kind }> => entry.kind === kind)
  }

  /** Makes a supervisor whose services are recorded here. */
  async supervise(options: SupervisorOptions): Promise<Supervisor> {
    const { recorder } = this
    const inspection: Inspection = {
      inspect: (event, of) => recorder.inspect(event, of),
      observe: (fact, of) => recorder.observe(fact, of),
      address: undefined,
      begin: async () => {},
      close: async () => recorder.flush(),
    }
    const hosts = new Hosts()
    const claim = await claimStore(options.store)
    const made = new Supervisor(options, claim, hosts, inspection)
    await hosts.setUp([options.host ?? []].flat(), async (told) => void (await made.close(told)))
    return made
  }
}

/** With the names of fields in order: a change may bring them in another. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inside]) => [name, sorted(inside)]),
  )
}

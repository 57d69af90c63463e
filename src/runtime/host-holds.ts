import type { HostSink } from '../ports/host.js'
import type { ServiceDefinition } from '../service/definition.js'
import { type Hold, withoutHold } from '../service/holds.js'
import { pausesService } from '../service/interruptions.js'
import type { Conductor } from './conductor.js'

/** An interruption of a host that is in force, with its deadline. */
interface HostHold extends Hold {
  readonly deadlineMs: number | undefined
}

/** The interruptions of a supervisor's hosts that are in force: what each service is held by, now and when it begins. */
export class HostHolds {
  /** Those whom it concerns what a host says. */
  conductors: () => readonly Conductor[] = () => []
  #holds: readonly HostHold[] = []

  /** Those that concern services of this definition. */
  for({ pauseOn }: ServiceDefinition): readonly HostHold[] {
    return this.#holds.filter(({ name }) => pausesService(name, pauseOn))
  }

  /** What one host is given: nobody else releases what it holds. */
  sink(by: string, shutdown: HostSink['shutdown']): HostSink {
    return {
      interrupt: async (name, { deadlineMs } = {}) => {
        this.#holds = [...withoutHold(this.#holds, { name, by }), { name, by, deadlineMs }]
        const concerned = this.conductors().filter(({ definition }) =>
          pausesService(name, definition.pauseOn),
        )
        for (const conductor of concerned) conductor.hold(name, deadlineMs, by)
        await Promise.allSettled(concerned.map((conductor) => conductor.restsUnder(name, by)))
      },
      release: async (name) => {
        this.#holds = withoutHold(this.#holds, { name, by })
        for (const conductor of this.conductors()) conductor.release(name, by)
      },
      shutdown,
      failed: () => this.conductors().filter(({ state }) => state === 'failed').length,
    }
  }
}

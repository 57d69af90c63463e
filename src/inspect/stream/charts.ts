import type { AnyStateMachine } from 'xstate'
import { chartOf } from '../chart/chart-of.js'

/** The charts of the machines that were met, each told once. */
export class Charts {
  readonly #hashes = new WeakMap<AnyStateMachine, string>()
  readonly #told = new Set<string>()

  /** `tell` is given the chart, as JSON, before its hash is named for the first time. */
  constructor(private readonly tell: (hash: string, chart: string) => void) {}

  hashOf(machine: AnyStateMachine): string {
    let hash = this.#hashes.get(machine)
    if (hash === undefined) {
      const chart = chartOf(machine)
      hash = chart.hash
      this.#hashes.set(machine, hash)
      if (!this.#told.has(hash)) this.tell(hash, JSON.stringify(chart))
      this.#told.add(hash)
    }
    return hash
  }
}

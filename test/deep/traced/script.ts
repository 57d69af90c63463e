import { Random } from '../../crash/random.js'
import { type Operation, workload } from '../stores/workload.js'

/** What an owner of this seed asks of its store, in both of its lives. */
export function workloadOf(seed: number): readonly Operation[] {
  return workload(new Random(seed), 6)
}

/** Tells the texts of an operation from those of all others. */
export function nonceOf(operation: number): string {
  return `n${operation}`
}

import { outlivesProcess } from './interruptions.js'

/** An interruption in force, and who has set it: nobody else releases it. */
export interface Hold {
  readonly name: string
  /** `program` for `service.pause`; a name of its own for every host. */
  readonly by: string
}

/** Whoever calls `service.pause` and `service.resume`. */
export const PROGRAM = 'program'

/** A supervisor that closes: it never releases what it holds. */
export const CLOSING = 'supervisor'

/** Whether the hold is in force. */
export function hasHold(holds: readonly Hold[], { name, by }: Hold): boolean {
  return holds.some((hold) => hold.name === name && hold.by === by)
}

/** The holds with one more, each once, in the order they came. */
export function withHold<THold extends Hold>(holds: readonly THold[], hold: THold): readonly THold[] {
  return hasHold(holds, hold) ? holds : [...holds, hold]
}

/** The holds without one. */
export function withoutHold<THold extends Hold>(
  holds: readonly THold[],
  { name, by }: Hold,
): readonly THold[] {
  return hasHold(holds, { name, by }) ? holds.filter((hold) => hold.name !== name || hold.by !== by) : holds
}

/** The names of the holds, each once, in the order they came. */
export function holdNames(holds: readonly Hold[]): readonly string[] {
  return [...new Set(holds.map(({ name }) => name))]
}

/** The names of those that a checkpoint keeps: what a host holds, it holds again in its next life or not at all. */
export function durableHolds(holds: readonly Hold[]): readonly string[] {
  return holds.flatMap(({ name, by }) => (by === PROGRAM && outlivesProcess(name) ? [name] : []))
}

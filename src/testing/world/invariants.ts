import type { AnyMachineSnapshot } from 'xstate'
import { isPromise, late } from './late.js'

/** What an invariant answers: anything but a promise, for which nobody waits. */
export type Held =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | symbol
  // biome-ignore lint/suspicious/noConfusingVoidType: what returns nothing returns void
  | void
  | (object & { readonly then?: never })

/** What must hold after every step, by name. False, or what it throws, says that it does not. */
export type Invariants = Readonly<Record<string, (snapshot: AnyMachineSnapshot) => Held>>

/** Those that do not hold, in words. */
export function brokenInvariants(invariants: Invariants, snapshot: AnyMachineSnapshot): string[] {
  return Object.entries(invariants).flatMap(([name, holds]) => {
    let held: unknown
    try {
      held = holds(snapshot)
    } catch (error) {
      return [`${name}: ${error instanceof Error ? error.message : String(error)}`]
    }
    if (isPromise(held)) throw late(`invariants.${name}`, 'a function that returns a promise', held)
    return held === false ? [name] : []
  })
}

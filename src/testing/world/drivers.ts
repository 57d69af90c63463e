import type { EventObject } from 'xstate'

/** What comes back of a request, `afterMs` (0) milliseconds after it was made for the first time. */
export type Answer = (
  | { readonly resolves: unknown; readonly rejects?: never }
  | { readonly rejects: unknown; readonly resolves?: never }
) & {
  readonly afterMs?: number
  /** Of a task: what it sets as its progress on the way, no value twice. Each takes `afterMs`. */
  readonly progress?: readonly unknown[]
}

/** One answer to every request, or one after another, and from the first again. */
export type Answers = Answer | readonly Answer[]

/** How an actor of the author's that works outside behaves while the machine is verified. */
export type Driver =
  /** As written: for logic that does nothing outside but in the steps of a task, which are effects by their names. */
  | 'run'
  /** What a promise or a task comes to. */
  | Answers
  /** A task as written, but for what its steps come to, by their names. Nothing is tried again. */
  | { readonly steps: Readonly<Record<string, Answers>> }
  /** A callback, or an observable of events, that sends these whenever it starts. What it hears is not compared. */
  | { readonly sends: readonly EventObject[] }
  /** An observable that shows these values, one after another, to whoever subscribes; and then completes, or waits. */
  | { readonly emits: readonly unknown[]; readonly completes?: boolean }

/** Drivers by the names of `setup({ actors })`. */
export type Drivers = Readonly<Record<string, Driver>>

/** The answers in their order. */
export function listed(answers: Answers): readonly Answer[] {
  return 'length' in answers ? answers : [answers]
}

/** Whether something outside takes time. */
export function takeTime(drivers: Drivers): boolean {
  const takes = (answers: Answers) => listed(answers).some(({ afterMs = 0 }) => afterMs > 0)
  return Object.values(drivers).some((driver) => {
    if (driver === 'run' || 'sends' in driver || 'emits' in driver) return false
    return 'steps' in driver ? Object.values(driver.steps).some(takes) : takes(driver)
  })
}

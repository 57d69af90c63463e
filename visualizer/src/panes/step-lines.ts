import type { CounterexampleMessage } from '../../../src/inspect/stream/trace.js'
import { indexAt } from '../store/addresses.js'
import type { Service } from '../store/service.js'

/** A step of a counterexample, as a line above the first of its moments. */
export interface StepLine {
  readonly type: 'step'
  readonly number: number
  readonly told: string
  readonly interrupts: boolean
  /** Index of its first moment, which an interruption may have kept from being. */
  readonly from: number
}

const NONE: readonly StepLine[] = []

/** The steps of a counterexample in the history of a service: of the one that was interrupted, or of its twin. Each is told before what came of it. */
export function stepLines(
  service: Service | undefined,
  found: CounterexampleMessage | undefined,
): readonly StepLine[] {
  if (found === undefined || service === undefined) return NONE
  const isTwin = service.key === found.twin
  if (!isTwin && service.key !== found.interrupted) return NONE
  return found.steps.flatMap(({ told, twinTold, interrupts }, number): readonly StepLine[] => {
    const before = found.steps[number - 1]
    const own = isTwin ? twinTold : told
    if (before === undefined || own === undefined) return NONE
    const end = indexAt(service, isTwin ? before.twinAt : before.at) ?? -1
    return [{ type: 'step', number, told: own, interrupts: interrupts && !isTwin, from: end + 1 }]
  })
}

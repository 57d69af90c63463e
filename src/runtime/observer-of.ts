import type { InspectionEvent } from 'xstate'
import type { Fact, Subject } from '../ports/inspector.js'
import { apart } from '../xstate/apart.js'
import type { Inspection } from './inspection.js'
import type { LedgerSource } from './ledger.js'

/** Hears of one service. */
export type ServiceObserver = (fact: Fact | InspectionEvent) => void

/** The observer as one service has it; undefined where nobody observes, so that no fact is made at all. */
export function observerOf(inspection: Inspection | undefined, of: Subject): ServiceObserver | undefined {
  const observe = inspection?.observe
  return observe && ((fact) => apart(() => observe(fact, of)))
}

/** The source of a ledger, whose commits are told to an observer where there is one. */
export function observedSource(
  source: LedgerSource,
  observe: ServiceObserver | undefined,
  epoch: number,
): LedgerSource {
  if (observe === undefined) return source
  return {
    capture: (sequence) => {
      const request = source.capture(sequence)
      const { phase, text } = request
      observe({ type: 'captured', checkpoint: sequence, epoch, phase, size: text.length })
      return request
    },
    durable: () => {
      observe({ type: 'committed', error: undefined })
      source.durable()
    },
    notWritten: (error) => {
      observe({ type: 'committed', error })
      source.notWritten(error)
    },
    notCaptured: (error) => source.notCaptured(error),
  }
}

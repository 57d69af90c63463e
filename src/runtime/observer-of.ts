import type { InspectionEvent } from 'xstate'
import type { Fact, Subject } from '../ports/inspector.js'
import type { StoreClaim } from '../ports/store.js'
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

/** A claim whose removals are told to whoever looks on. What is stored tells whose they are, and is read for nobody else. */
export function observedRemovals(
  claim: Pick<StoreClaim, 'load' | 'remove'>,
  inspection: Inspection | undefined,
): Pick<StoreClaim, 'load' | 'remove'> {
  if (inspection?.observe === undefined) return claim
  return {
    load: (key) => claim.load(key),
    remove: async (key) => {
      // What cannot be read is removed all the same.
      const stored = await claim.load(key).catch(() => undefined)
      await claim.remove(key)
      if (stored !== undefined)
        observerOf(inspection, { definition: stored.service, key })?.({ type: 'removed' })
    },
  }
}

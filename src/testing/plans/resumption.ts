import type { Step } from './steps.js'

/** What the event of a definition's `resumedEvent` says, beside its type. */
export interface Resumption {
  readonly interruptions: readonly string[]
  readonly crashed: boolean
}

const HELD: Resumption = { interruptions: ['user'], crashed: false }
const CRASHED: Resumption = { interruptions: [], crashed: true }

/**
 * What a service is told after that step; undefined: nothing, since it was not interrupted or was only out of memory. By itself the
 * library says it in the middle of what it then goes on with, where no twin could be told: so the kit does, to both, when they rest.
 */
export function resumptionAfter(step: Step): Resumption | undefined {
  switch (step.do) {
    case 'send':
    case 'advance':
    case 'retry':
    case 'sleep':
    case 'checkpoint':
    case 'clockStands':
      return undefined
    case 'pause':
    case 'pauseAndSend':
    case 'storeSlow':
    case 'frozen':
      return HELD
    case 'overlap':
      return { interruptions: ['user', 'another'], crashed: false }
    case 'stop':
      return { interruptions: [], crashed: false }
    case 'kill':
    case 'crash':
    case 'storeFails':
    case 'storeFull':
    case 'storeTears':
    case 'secondOwner':
    case 'clockBack':
    case 'upgrade':
      return CRASHED
  }
}

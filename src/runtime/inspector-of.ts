import type { InspectionEvent } from 'xstate'
import type { Inspected, Inspector } from '../ports/inspector.js'
import { apart } from '../xstate/apart.js'

/**
 * The inspector as one actor system has it; undefined where nobody inspects, so that XState makes no events at all. What it
 * throws is no matter of the service that it looks at.
 */
export function inspectorOf(
  inspect: Inspector | undefined,
  of: Inspected,
): ((event: InspectionEvent) => void) | undefined {
  return inspect && ((event) => apart(() => inspect(event, of)))
}

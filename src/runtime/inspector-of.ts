import type { InspectionEvent } from 'xstate'
import type { Inspected, Inspector } from '../ports/inspector.js'

/** The inspector as one actor system has it; undefined where nobody inspects, so that XState makes no events at all. */
export function inspectorOf(
  inspect: Inspector | undefined,
  of: Inspected,
): ((event: InspectionEvent) => void) | undefined {
  return inspect && ((event) => inspect(event, of))
}

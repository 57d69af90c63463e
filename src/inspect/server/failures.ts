import { InspectionFailedError } from '../../errors/inspect.js'
import { textOf } from '../../errors/text-of.js'

/** Causes that are told: what comes again and again in other words fills nothing. */
const MOST_CAUSES = 100

const UNANSWERED = 'Who looks on could not be answered'
const REMEDY =
  'See the cause: a process that has no open files or memory left needs more of them. Load the page again; each cause is told once, and the services go on.'

/** Tells what the server of the page has met with a client or a request, once for each cause. */
export function tellingFailures(warn: (warning: InspectionFailedError) => void): (cause: unknown) => void {
  const told = new Set<string>()
  return (cause) => {
    const text = textOf(cause)
    if (told.has(text) || told.size >= MOST_CAUSES) return
    told.add(text)
    warn(new InspectionFailedError({ cause }, UNANSWERED, REMEDY))
  }
}

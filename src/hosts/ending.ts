import type { HostSink } from '../ports/host.js'

/** How long tasks have at the end of a platform that does not say how long it waits. */
export const DEFAULT_DEADLINE_MS = 10_000

/** The end of a supervisor, once: whoever asks for it again waits for the same, and is passed on only with less time. */
export function ending(sink: HostSink): HostSink['shutdown'] {
  let end: Promise<void> | undefined
  let leastMs = Number.POSITIVE_INFINITY
  return (options) => {
    const { deadlineMs = Number.POSITIVE_INFINITY } = options ?? {}
    if (end === undefined || deadlineMs < leastMs) {
      leastMs = deadlineMs
      end = sink.shutdown(options)
    }
    return end
  }
}

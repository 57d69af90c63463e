import type { HostSink } from '../ports/host.js'

/** The end of a supervisor, once: whoever asks for it again waits for the same. */
export function ending(sink: HostSink): HostSink['shutdown'] {
  let end: Promise<void> | undefined
  return (options) => {
    end ??= sink.shutdown(options)
    return end
  }
}

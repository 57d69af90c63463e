import type { HostSink } from '../ports/host.js'

/** A part of the platform: it begins to tell the sink, and gives what ends that. */
export type Watch = (sink: HostSink) => () => void

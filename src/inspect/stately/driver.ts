import { MissingDriverError } from '../../errors/store.js'
import type { Frame } from './frames.js'

/** What `@statelyai/inspect` makes, as far as this library uses it. */
export interface StatelyDriver {
  createWebSocketInspector(options: CommonOptions & { readonly url: string }): { readonly adapter: Adapter }
  createBrowserInspector(
    options: CommonOptions & { readonly url: string; readonly window: unknown; readonly iframe: unknown },
  ): { readonly adapter: Adapter & { targetWindow: unknown } }
}

interface CommonOptions {
  readonly autoStart: false
  readonly maxDeferredEvents: 0
  readonly serializationDepthLimit: number
  readonly serialize: (frame: never) => never
}

/** Sends messages that are complete already. */
export interface Adapter {
  start(): void
  stop(): void
  send(frame: Frame): void
}

/** Our own backlog is kept, our own limits hold, and what is sent is plain data already: the package shall add nothing. */
export const PASSING_ON: CommonOptions = {
  autoStart: false,
  maxDeferredEvents: 0,
  serializationDepthLimit: 10_000,
  serialize: (frame) => frame,
}

const PACKAGE = '@statelyai/inspect@0.7'

/** @throws {MissingDriverError} it is not installed */
export async function loadStatelyDriver(): Promise<StatelyDriver> {
  try {
    // Its own types of messages ask for more than it sends, and those of windows for the DOM's.
    return (await import('@statelyai/inspect')) as unknown as StatelyDriver
  } catch (cause) {
    throw missing(cause)
  }
}

export function missing(cause: unknown): MissingDriverError {
  return new MissingDriverError(PACKAGE, 'statelyInspector', { cause })
}

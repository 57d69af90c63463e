/** What a host tells its supervisor. Each host has a sink of its own, and holds for itself. */
export interface HostSink {
  /** A reason to stop for now has come into force. `deadlineMs` is how long the platform leaves us. */
  interrupt(interruption: string, options?: { readonly deadlineMs?: number }): Promise<void>
  /** The reason is gone for this host. What others hold under the same name, they release themselves. */
  release(interruption: string): Promise<void>
  /**
   * The process is about to end: checkpoint everything and give the store back. Said again, the earliest deadline counts. Said
   * while the store is waited for, it ends the waiting.
   */
  shutdown(options?: { readonly deadlineMs?: number }): Promise<void>
  /** How many services have failed and were not retried. A supervisor’s sink tells. */
  failed?(): number
  /** Resolves when the supervisor is there: hosts are set up before its store is claimed, which may be waited for. A supervisor’s sink tells. */
  readonly made?: Promise<void>
  /** Resolves when a host has ended the supervisor, this one or another, and all rests. A supervisor’s sink tells. */
  readonly ended?: Promise<void>
}

/**
 * Ends what a host has begun. `closed` settles when the supervisor has given its store back as well, for a host that must keep its platform
 * from going on before that. The cleanup must not wait for it. There is none where the supervisor was not made: `createSupervisor` rejects
 * when the cleanup is over, or half a second later.
 */
export type HostCleanup = ((closed?: Promise<unknown>) => void | Promise<void>) & {
  /** For a host whose setup takes time: `createSupervisor` waits for it, and rejects where it rejects. */
  readonly ready?: Promise<unknown> | undefined
  /**
   * For a host that ends its process: where the supervisor was not made, `createSupervisor` rejects when this has resolved, however long
   * that takes, as the program might end the process itself.
   */
  readonly stays?: () => Promise<unknown>
}

/**
 * A platform as a source of interruptions and releases: a setup function that returns its cleanup.
 *
 * A setup that throws, or is not `ready`, keeps the supervisor from being made. `close` waits for a cleanup that takes its time, and tells
 * what one throws or rejects with, after everything was closed.
 *
 * @example
 * ```ts
 * const networkHost: Host = (sink) => {
 *   const off = () => void sink.interrupt('offline')
 *   window.addEventListener('offline', off)
 *   return () => window.removeEventListener('offline', off)
 * }
 * ```
 */
export type Host = ((sink: HostSink) => HostCleanup) & {
  /** For people, and for `describeHost`. */
  readonly description?: HostDescription
}

/** What a platform tells of its life, and what it does not. */
export interface HostDescription {
  readonly platform: string
  /** By interruption (`end` for the end of all): what on this platform brings it about. */
  readonly tells: Readonly<Record<string, string>>
  /** What happens there without a word. */
  readonly silent: readonly string[]
  /** How long there is, once it has told, until it goes on without us. */
  readonly time: string
  /** How long what runs there lives, where that is less than its process, or differs. */
  readonly lives?: string
  /** What checkpoints outlive there, by store. */
  readonly survives?: string
}

import { aName, checkOptions, milliseconds } from '../errors/option-checks.js'
import type { Host, HostSink } from '../ports/host.js'
import { described } from './describe.js'

const NAME = { interruption: aName }
const DEADLINE = { deadlineMs: milliseconds }

/** A host that is driven by hand: for tests, and for platforms that this library does not know. */
export interface ManualHost {
  /** Give this to the supervisor. */
  readonly host: Host
  /**
   * Puts an interruption into force. Resolves when every service that it concerns rests.
   * @throws {InvalidOptionError} its name is empty or no text, or the deadline no time; so do the others
   */
  interrupt(interruption: string, options?: { readonly deadlineMs?: number }): Promise<void>
  /** Takes it back. */
  release(interruption: string): Promise<void>
  /** Ends the supervisor, as a platform would before it ends the process; called again, it waits for the same. */
  shutdown(options?: { readonly deadlineMs?: number }): Promise<void>
}

/**
 * Makes a host to drive by hand. One host may serve several supervisors.
 *
 * @example
 * ```ts
 * const platform = manualHost()
 * const supervisor = await createSupervisor({ store: memoryStore(), host: platform.host })
 * await platform.interrupt('background')
 * ```
 */
export function manualHost(): ManualHost {
  /** Each with its end, once that has begun. */
  const sinks = new Map<HostSink, Promise<void> | undefined>()
  const all = async (call: (sink: HostSink) => Promise<void>) => {
    await Promise.all([...sinks.keys()].map(call))
  }
  return {
    host: described(
      (sink) => {
        sinks.set(sink, undefined)
        return () => void sinks.delete(sink)
      },
      {
        platform: 'Your own code',
        tells: { 'any of yours': '`interrupt` and `release`', end: '`shutdown`' },
        silent: ['whatever your code does not pass on'],
        time: 'as long as your code waits for what they return',
      },
    ),
    interrupt: async (interruption, options) => {
      checkOptions('interrupt', { interruption }, NAME, ['interruption'])
      checkOptions('interrupt', options ?? {}, DEADLINE)
      await all((sink) => sink.interrupt(interruption, options))
    },
    release: async (interruption) => {
      checkOptions('release', { interruption }, NAME, ['interruption'])
      await all((sink) => sink.release(interruption))
    },
    shutdown: async (options) => {
      checkOptions('shutdown', options ?? {}, DEADLINE)
      await all((sink) => {
        const ending = sinks.get(sink) ?? sink.shutdown(options)
        sinks.set(sink, ending)
        return ending
      })
    },
  }
}

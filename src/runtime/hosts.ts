import { type CloseFailure, HostFailedError } from '../errors/host.js'
import type { Host, HostSink } from '../ports/host.js'
import { HostHolds } from './host-holds.js'
import { Moments } from './moments.js'

/** The hosts of one supervisor: what they hold, and how they are let go. */
export class Hosts {
  readonly holds = new HostHolds()
  readonly #cleanups: ReturnType<Host>[] = []
  readonly #making = new Moments()
  readonly #made = this.#making.next()
  readonly #ending = new Moments()
  readonly #ended = this.#ending.next()
  #ends = false

  /**
   * Sets up the hosts, each with a sink of its own.
   * @throws {HostFailedError} one of them threw, or could not be ready; the others wait for `cleanUp`
   */
  async setUp(hosts: readonly Host[], shutdown: HostSink['shutdown']): Promise<void> {
    const end: HostSink['shutdown'] = async (told) => {
      this.#ends = true
      try {
        await shutdown(told)
      } finally {
        this.#ending.arrive()
      }
    }
    const told = { made: this.#made, ended: this.#ended }
    try {
      for (const [index, host] of hosts.entries()) {
        const cleanUp = host({ ...this.holds.sink(`host ${index + 1}`, end), ...told })
        this.#cleanups.push(cleanUp)
        // Nobody hears of it where a later one throws.
        cleanUp.ready?.catch(() => {})
      }
      await Promise.all(this.#cleanups.map(({ ready }) => ready))
    } catch (cause) {
      throw new HostFailedError({ cause })
    }
  }

  /** Tells them that the supervisor is there, unless one of them has ended it while it was made. */
  made(): void {
    if (!this.#ends) this.#making.arrive()
  }

  /** Resolves when none of them is about to end the process. */
  async stay(): Promise<void> {
    // What went wrong before is what is told, and not what a host makes of it.
    await Promise.allSettled(this.#cleanups.map(async ({ stays }) => stays?.()))
  }

  /** Runs every host's cleanup at once; resolves, when all are over, with what they threw. `closed`: see `HostCleanup`. */
  async cleanUp(closed?: Promise<unknown>): Promise<readonly CloseFailure[]> {
    const failures: CloseFailure[] = []
    await Promise.all(
      this.#cleanups.map(async (cleanUp) => {
        try {
          await cleanUp(closed)
        } catch (cause) {
          failures.push({ what: 'a host’s cleanup', cause })
        }
      }),
    )
    return failures
  }
}

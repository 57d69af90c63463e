import { type CloseFailure, HostFailedError } from '../errors/host.js'
import type { Host, HostSink } from '../ports/host.js'

/**
 * Sets up the hosts, each with a sink of its own.
 *
 * @returns runs every host's cleanup, and answers with what they threw
 * @throws {HostFailedError} one of them threw; those before it were cleaned up
 */
export function setUpHosts(
  hosts: readonly Host[],
  sinkOf: (index: number) => HostSink,
): () => readonly CloseFailure[] {
  const cleanups: (() => void)[] = []
  const cleanUp = () =>
    cleanups.flatMap((cleanup): readonly CloseFailure[] => {
      try {
        cleanup()
        return []
      } catch (cause) {
        return [{ what: 'a host’s cleanup', cause }]
      }
    })
  for (const [index, host] of hosts.entries()) {
    try {
      cleanups.push(host(sinkOf(index)))
    } catch (cause) {
      // What their cleanups throw comes after what went wrong.
      cleanUp()
      throw new HostFailedError({ cause })
    }
  }
  return cleanUp
}

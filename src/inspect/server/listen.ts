import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PortInUseError } from '../../errors/inspect.js'

/** How many ports after the first one are tried. */
const MORE_PORTS = 20

/**
 * Has a server listen on 127.0.0.1, and gives its port: one that closes does not know it any more.
 *
 * @param port undefined for `first`, or the next that is free
 * @throws {PortInUseError} the port is taken
 */
export async function listen(server: Server, port: number | undefined, first: number): Promise<number> {
  const last = first + MORE_PORTS
  for (let attempt = port ?? first; ; attempt++) {
    try {
      return await listenOn(server, attempt)
    } catch (cause) {
      const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
      if (!taken) throw cause
      if (port !== undefined) throw new PortInUseError(attempt, undefined, { cause })
      // Any that is free.
      if (attempt > last) attempt = -1
    }
  }
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    // Of each port that is taken, none of them may stay.
    const began = () => {
      server.off('error', failed)
      // It listens in this very moment, on a port and no other place.
      resolve((server.address() as AddressInfo).port)
    }
    const failed = (error: Error) => {
      server.off('listening', began)
      reject(error)
    }
    server.once('listening', began).once('error', failed)
    server.listen(port, '127.0.0.1')
  })
}

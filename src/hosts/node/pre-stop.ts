import { createServer } from 'node:http'
import { HostFailedError } from '../../errors/host.js'

export interface PreStopOptions {
  readonly port: number
  /** Where it listens. Default 127.0.0.1, for hooks that run in the container (`exec`); `0.0.0.0` for those that do not (`httpGet`). */
  readonly address?: string
}

export const PRE_STOP_PATH = '/prestop'

/** Kubernetes’ preStop: a request that is answered when everything rests. */
export function watchPreStop(
  { port, address = '127.0.0.1' }: PreStopOptions,
  rest: () => Promise<void>,
): () => void {
  const server = createServer((request, response) => {
    const { method, url, headers } = request
    // Browsers say from where a request comes: no page of whoever tries the program out may end it.
    const known = method === 'GET' && url === PRE_STOP_PATH && headers['sec-fetch-site'] === undefined
    if (!known) return void response.writeHead(404).end()
    // A hook that fails changes nothing: the signal comes all the same.
    void rest().then(() => response.end('at rest\n'))
  })
  server.on('error', (cause) => {
    throw new HostFailedError({ cause })
  })
  server.listen(port, address)
  server.unref()
  return () => void server.close()
}

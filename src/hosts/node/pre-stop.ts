import { once } from 'node:events'
import { createServer } from 'node:http'
import type { World } from './world.js'

export interface PreStopOptions {
  readonly port: number
  /** Where it listens. Default 127.0.0.1, for hooks that run in the container (`exec`); `0.0.0.0` for those that do not (`httpGet`). */
  readonly address?: string
}

export const PRE_STOP_PATH = '/prestop'

/** Kubernetes’ preStop: each request is answered when everything rests. `listening` rejects where the port cannot be had. */
export function watchPreStop(
  { port, address = '127.0.0.1' }: PreStopOptions,
  { warn }: Pick<World, 'warn'>,
  rest: () => Promise<void>,
): { readonly listening: Promise<unknown>; readonly end: () => void } {
  const server = createServer((request, response) => {
    const { method, url, headers } = request
    // Browsers say from where a request comes: no page of whoever tries the program out may end it.
    const known = method === 'GET' && url === PRE_STOP_PATH && headers['sec-fetch-site'] === undefined
    if (!known) return void response.writeHead(404).end()
    // A hook that fails changes nothing: the signal comes all the same.
    void rest().then(() => response.end('at rest\n'))
  })
  const listening = once(server, 'listening')
  // Without a listener an error of a server ends the process.
  const told = (error: Error) => warn(`The port of preStop: ${error.message}`)
  listening.then(
    () => server.on('error', told),
    () => {},
  )
  server.listen(port, address)
  server.unref()
  return { listening, end: () => void server.close() }
}

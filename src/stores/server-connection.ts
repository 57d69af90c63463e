import { hasMethods, shown } from '../errors/option-checks.js'
import { InvalidOptionError } from '../errors/options.js'

/** @throws {InvalidOptionError} it is neither an address nor an object with this method */
export function checkConnection(connection: unknown, method: string, expected: string): void {
  if (typeof connection === 'string' && connection !== '') return
  if (hasMethods(connection, method)) return
  throw new InvalidOptionError('connection', shown(connection), expected)
}

/** For people: where a server is, without its password. */
export function placeOf(server: string, connection: unknown): string {
  if (typeof connection !== 'string') return `a ${server}`
  try {
    const { host, pathname } = new URL(connection)
    return `${server} at ${host}${pathname}`
  } catch {
    return `a ${server}`
  }
}

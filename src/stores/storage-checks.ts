import { hasMethods, shown } from '../errors/option-checks.js'
import { InvalidOptionError } from '../errors/options.js'

/** @throws {InvalidOptionError} what was given in the place of a storage has not its methods */
export function checkStorage(what: string, storage: unknown, methods: readonly string[]): void {
  if (hasMethods(storage, ...methods)) return
  throw new InvalidOptionError('storage', shown(storage), `${what}, which has ${methods.join(', ')}`)
}

/** @throws {InvalidOptionError} what was given in the place of a text is none, or no name for anything */
export function checkText(name: string, value: unknown, expected: string): void {
  if (typeof value === 'string' && /^[^\0]+$/.test(value)) return
  throw new InvalidOptionError(name, shown(value), expected)
}

import { isFunction, isObject } from '../errors/option-checks.js'
import { checkName, InvalidOptionError } from '../errors/options.js'

/** @throws {InvalidOptionError} what was given in the place of a storage has not its methods */
export function checkStorage(what: string, storage: unknown, methods: readonly string[]): void {
  if (isObject(storage) && methods.every((name) => isFunction(Reflect.get(storage, name)))) return
  throw new InvalidOptionError('storage', storage, `${what}, which has ${methods.join(', ')}`)
}

/** @throws {InvalidOptionError} the name of a store is no text of 1 to 512 characters */
export function checkStoreName(name: unknown): void {
  if (name === undefined) throw new InvalidOptionError('name', name, 'a text of 1 to 512 characters')
  // It looks at any value itself.
  checkName('name', name as string)
}

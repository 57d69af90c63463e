import { hasMethods, isFunction, isObject, shown } from '../../../errors/option-checks.js'
import { InvalidOptionError } from '../../../errors/options.js'
import { KEEP, type MakeStore } from './scene.js'

const MAKE = 'a function that makes a fresh store: ({ keep }) => ({ store, loseLock })'

const LOSE_LOCK =
  'what lets the next claim through although the last one is held, as when its process has died: store.loseLock of memoryStore; else delete the file, the row or the key that is the lock'

/**
 * Looks at one, so that what is missing is told once, and not by every case.
 * @throws {InvalidOptionError} it is no function, or what it makes has no store or no `loseLock`
 */
export async function checkMake(make: MakeStore): Promise<void> {
  if (!isFunction(make)) throw new InvalidOptionError('make', shown(make), MAKE)
  // As plain JavaScript gives it.
  const made: unknown = await make({ keep: KEEP })
  const part = (name: string): unknown => (isObject(made) ? Reflect.get(made, name) : undefined)
  try {
    if (!hasMethods(part('store'), 'claim', 'read'))
      throw new InvalidOptionError('store', shown(part('store')), MAKE)
    if (!isFunction(part('loseLock')))
      throw new InvalidOptionError('loseLock', shown(part('loseLock')), LOSE_LOCK)
  } finally {
    const dispose = part('dispose')
    if (typeof dispose === 'function') await dispose.call(made)
  }
}

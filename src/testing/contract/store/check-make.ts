import { hasMethods, isFunction, isObject, shown } from '../../../errors/option-checks.js'
import { InvalidOptionError } from '../../../errors/options.js'
import { KEEP, type MakeStore, type StoreUnderTest } from './scene.js'

const MAKE = 'a function that makes a fresh store: ({ keep }) => ({ store, loseLock })'

const LOSE_LOCK =
  'what lets the next claim through although the last one is held, as when its process has died: store.loseLock of memoryStore; else delete the file, the row or the key that is the lock'

const FAIL_WRITES =
  'a function that has the medium fail after so many writes, and returns what has it work again: (after) => () => { … }'

/**
 * Looks at one, so that what is missing is told once, and not by every case.
 * @returns the one, which is gone: what it can be asked for
 * @throws {InvalidOptionError} it is no function, or what it makes has no store or no `loseLock`
 */
export async function checkMake(make: MakeStore): Promise<StoreUnderTest> {
  if (!isFunction(make)) throw new InvalidOptionError('make', shown(make), MAKE)
  // As plain JavaScript gives it.
  const made: unknown = await make({ keep: KEEP })
  const part = (name: string): unknown => (isObject(made) ? Reflect.get(made, name) : undefined)
  try {
    if (!hasMethods(part('store'), 'claim', 'read'))
      throw new InvalidOptionError('store', shown(part('store')), MAKE)
    if (!isFunction(part('loseLock')))
      throw new InvalidOptionError('loseLock', shown(part('loseLock')), LOSE_LOCK)
    const failWrites = part('failWrites')
    if (failWrites !== undefined && !isFunction(failWrites))
      throw new InvalidOptionError('failWrites', shown(failWrites), FAIL_WRITES)
    // It was looked at right here.
    return made as StoreUnderTest
  } finally {
    const dispose = part('dispose')
    if (typeof dispose === 'function') await dispose.call(made)
  }
}

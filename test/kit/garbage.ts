import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { settle } from './clock.js'

setFlagsFromString('--expose-gc')
// A context made after the flag was set has it.
const collect: () => void = runInNewContext('gc')

/** Says whether the object is still there when garbage was collected a few times, more often than `collected` needs. */
export async function isHeld(reference: WeakRef<object>): Promise<boolean> {
  for (let round = 0; round < 5; round++) {
    await settle()
    collect()
  }
  return reference.deref() !== undefined
}

/**
 * Collects garbage until the objects are gone that nobody holds but the caller's weak references.
 * @throws {Error} somebody holds one
 */
export async function collected(...references: readonly WeakRef<object>[]): Promise<void> {
  for (let round = 0; round < 50; round++) {
    // A reference that was just looked at holds its object until this turn of the event loop is over.
    await settle()
    collect()
    if (references.every((reference) => reference.deref() === undefined)) return
  }
  throw new Error('somebody holds what should be garbage')
}

import { MissingDriverError } from '../errors/store.js'

/** The package that makes plans and shrinks them. */
export type FastCheck = typeof import('fast-check')

/** @throws {MissingDriverError} it is not installed */
export async function loadFastCheck(): Promise<FastCheck> {
  try {
    return await import('fast-check')
  } catch (cause) {
    throw new MissingDriverError('fast-check@4', 'tardigrade/testing', { cause })
  }
}

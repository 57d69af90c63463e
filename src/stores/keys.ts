import { InvalidKeyError, InvalidTextError } from '../errors/store.js'
import type { CommitRequest } from '../ports/store.js'
import { isWellFormed } from './well-formed.js'

/** Longest key, in UTF-16 code units. */
export const LONGEST_KEY = 512

/**
 * Refuses a key that some store could not keep or could confuse with another.
 * @throws {InvalidKeyError}
 */
export function checkKey(key: string): void {
  const error = keyError(key)
  if (error !== undefined) throw error
}

/** What is wrong with the request's texts, or undefined. It is an outcome, so that the batch's others go through. */
export function requestError(request: CommitRequest): Error | undefined {
  const { key, service } = request
  const error = keyError(key)
  if (error !== undefined) return error
  if (!canKeep(request.text)) return new InvalidTextError('text', { key, service })
  if (!canKeep(service)) return new InvalidTextError('service', { key })
  return undefined
}

/** The reason of a quarantine, with a replacement character for what a store could not keep. */
export function keepable(reason: string): string {
  return canKeep(reason) ? reason : reason.replace(/\0|\p{Surrogate}/gu, '\uFFFD')
}

/** UTF-8 has no lone surrogates, and some SQLite drivers end a text at its first NUL. */
function canKeep(text: string): boolean {
  return !text.includes('\0') && isWellFormed(text)
}

function keyError(key: string): InvalidKeyError | undefined {
  // Whoever parses JSON has `any` where a text was promised.
  if (typeof key !== 'string') return new InvalidKeyError('it is no text', { key })
  if (key.length === 0) return new InvalidKeyError('it is empty', { key })
  if (key.length > LONGEST_KEY) {
    return new InvalidKeyError(`it has ${key.length} characters, and ${LONGEST_KEY} are allowed`, { key })
  }
  if (key.includes('\0')) return new InvalidKeyError('it holds a NUL', { key })
  // Two different lone surrogates become the same replacement character in UTF-8.
  if (!isWellFormed(key)) return new InvalidKeyError('it holds a lone surrogate', { key })
  return undefined
}

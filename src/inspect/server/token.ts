import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A token that nobody guesses. */
export function makeToken(): string {
  return randomBytes(24).toString('base64url')
}

/** Compares in the same time whatever is given. */
export function isToken(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}

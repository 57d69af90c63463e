import { randomBytes } from 'node:crypto'

/** A name that no other start has, and that comes after those of earlier ones. */
export function incarnationAt(startedAtMs: number): string {
  return `${startedAtMs.toString(36).padStart(9, '0')}-${randomBytes(4).toString('hex')}`
}

import { checksum } from '../../checkpoint/checksum.js'
import type { Tables } from './schema.js'

/** Which lock of a database: advisory locks have two numbers for a name. */
export type LockKey = readonly [space: number, of: number]

/** Where a store is, and how it is asked. */
export interface Site {
  readonly name: string
  readonly location: string
  readonly tables: Tables
  /** Whoever has it owns the store. */
  readonly lock: LockKey
  /** Whoever has it makes the tables. */
  readonly schemaLock: LockKey
  readonly durability: 'process' | 'power'
  readonly whenLocked: 'refuse' | 'wait'
  /** How long a server may be away, in ms. */
  readonly patienceMs: number
  /** A connection that is not made, or an answer that has not come by then, is given up, in ms. */
  readonly answerMs: number
}

/** The first number of this library's advisory locks. */
const LOCK_SPACE = 0x54_41_52_44

/** The lock of this name. */
export function lockOf(name: string): LockKey {
  return [LOCK_SPACE, Number.parseInt(checksum(name), 16) | 0]
}

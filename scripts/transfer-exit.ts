import { StoreFullError, StoreLockedError, StoreNotWritableError } from 'tardigrade'
import type { ProblemKind } from '../machines/transfer/index.js'

/** Exit codes as in sysexits.h; a signal's is 128 plus its number. */
export const EXIT = {
  usage: 64,
  noInput: 66,
  unavailable: 69,
  internal: 70,
  cannotCreate: 73,
  io: 74,
  tryLater: 75,
  notPermitted: 77,
} as const

/** The same table, for `--help`. */
export const EXIT_CODES_HELP = `
Exit codes:
  0    copied, and verified
  64   wrong usage: an option, or FROM and TO that do not go together
  66   FROM is missing, no file, or was changed meanwhile
  69   the server refuses, or does not say what it holds
  70   anything unforeseen
  73   TO cannot be made: no such folder, no room, or what is there is no file
  74   reading or writing failed, or the copy is not as its source
  75   try later: another process has the store, or the network failed; or it was cancelled
  77   this user may not
  130  ended by Ctrl+C; 143 by SIGTERM. The same command goes on`

const OF_PROBLEM: Readonly<Record<ProblemKind, number>> = {
  'source-missing': EXIT.noInput,
  'source-changed': EXIT.noInput,
  'target-missing': EXIT.cannotCreate,
  'target-no-file': EXIT.cannotCreate,
  'target-changed': EXIT.cannotCreate,
  'no-space': EXIT.cannotCreate,
  'not-permitted': EXIT.notPermitted,
  mismatch: EXIT.io,
  'cannot-verify': EXIT.unavailable,
  network: EXIT.tryLater,
  'server-busy': EXIT.tryLater,
  refused: EXIT.unavailable,
  other: EXIT.io,
}

/** The exit code for a transfer's problem. */
export function exitOfProblem(kind: ProblemKind): number {
  return OF_PROBLEM[kind]
}

/** The exit code for anything thrown. */
export function exitOfError(error: unknown): number {
  if (error instanceof StoreLockedError) return EXIT.tryLater
  if (error instanceof StoreFullError) return EXIT.cannotCreate
  if (error instanceof StoreNotWritableError) return EXIT.notPermitted
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return EXIT.cannotCreate
  return EXIT.internal
}

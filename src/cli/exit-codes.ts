import { CommanderError } from 'commander'
import { TardigradeError } from '../errors/base.js'

/**
 * What the exit codes mean. `run` that is ended by a signal exits with 128 plus the signal's number: 130 after
 * Ctrl+C, 143 after SIGTERM.
 */
export const EXIT = {
  done: 0,
  /** The service failed or is done, something needs attention, or any other error. */
  failed: 1,
  /** The command line, an event or a module's exports are not as they must be. Nothing was changed. */
  usage: 2,
  /** Another process owns the store. */
  locked: 3,
  /** No such store, key or module. */
  notFound: 4,
  /** The process that owns the store cannot be reached, or hung up. */
  unreachable: 5,
  /** Another process deleted the service that ran. */
  deleted: 6,
} as const

/** The same table, for `--help`. */
export const EXIT_CODES_HELP = `
Exit codes:
  0    done
  1    the service failed or is done, verify found something, or something needs attention
  2    wrong usage: the command line, an event, or no module that loads and has a service; nothing was changed
  3    another process owns the store
  4    no such store, key or module
  5    no process owns the store, or it could not be reached
  6    another process deleted the service that was run
  130  run was ended by Ctrl+C; 143 by SIGTERM. What it was doing goes on with the next run`

const USAGE: ReadonlySet<string> = new Set([
  'USAGE',
  'INVALID_JSON',
  'INVALID_EVENT',
  'RESERVED_EVENT',
  'INVALID_KEY',
  'INVALID_TEXT',
  'INVALID_REQUEST',
  'CONTROL_TOO_LARGE',
  'NO_SERVICE',
  'MODULE_FAILED',
  'DEFINITION',
  'TYPESCRIPT_MODULE',
  'UNVERIFIABLE',
  'INVALID_OPTION',
  'FOREIGN_TOKEN',
  'UNUSABLE_CORPUS',
])

const NOT_FOUND: ReadonlySet<string> = new Set([
  'STORE_NOT_FOUND',
  'KEY_NOT_FOUND',
  'UNKNOWN_SERVICE',
  'MODULE_NOT_FOUND',
])

const UNREACHABLE: ReadonlySet<string> = new Set([
  'OWNER_UNREACHABLE',
  'OWNER_GONE',
  'CONTROL_TIMEOUT',
  'CONTROL_FORBIDDEN',
  'SUPERVISOR_CLOSED',
])

/** The exit code of an error. */
export function exitCodeOf(error: unknown): number {
  // Commander throws for --help and --version too, with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
  if (!(error instanceof TardigradeError)) return EXIT.failed
  if (USAGE.has(error.code)) return EXIT.usage
  if (NOT_FOUND.has(error.code)) return EXIT.notFound
  if (UNREACHABLE.has(error.code)) return EXIT.unreachable
  if (error.code === 'SERVICE_DELETED') return EXIT.deleted
  return error.code === 'STORE_LOCKED' ? EXIT.locked : EXIT.failed
}

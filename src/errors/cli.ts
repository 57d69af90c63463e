import { type ErrorFacts, TardigradeError } from './base.js'

/** There is no store in the folder. */
export class StoreNotFoundError extends TardigradeError {
  readonly code = 'STORE_NOT_FOUND'
  constructor(
    readonly folder: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `There is no store in ${folder}.`,
      'Name its folder with --store or TARDIGRADE_STORE, or make one with `tardigrade run MODULE`.',
      facts,
    )
  }
}

/** The command reads stores that are folders. The address, in which a password may stand, is not repeated. */
export class StoreNotInFolderError extends TardigradeError {
  readonly code = 'STORE_NOT_IN_FOLDER'
  constructor(
    readonly protocol: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The command takes the folder of a store, and this is the address of a server (${protocol}).`,
      'Look at its services in the page of the process that has them: createSupervisor({ store, inspect: true }).',
      facts,
    )
  }
}

/** The store holds nothing under the key. */
export class KeyNotFoundError extends TardigradeError {
  readonly code = 'KEY_NOT_FOUND'
  constructor(
    readonly folder: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The store ${folder} holds no service under the key ${JSON.stringify(facts.key)}.`,
      'List the keys with `tardigrade ls`.',
      facts,
    )
  }
}

/** A text that should be JSON is none. `position` counts characters from 0. */
export class InvalidJsonError extends TardigradeError {
  readonly code = 'INVALID_JSON'
  constructor(
    readonly what: string,
    readonly position: number,
    problem: string,
    example: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `${what} is no JSON: ${problem} at position ${position}.`,
      `Write it as in ${example}, in single quotes, so that the shell leaves it alone.`,
      facts,
    )
  }
}

/** The module cannot be found. */
export class ModuleNotFoundError extends TardigradeError {
  readonly code = 'MODULE_NOT_FOUND'
  constructor(
    readonly module: string,
    readonly folder: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `There is no module ${module}, neither as a file in ${folder} nor as a package installed for it.`,
      'Give the path of a .js or .mjs file, or the name of an installed package.',
      facts,
    )
  }
}

/** The module threw while it was loaded. */
export class ModuleFailedError extends TardigradeError {
  readonly code = 'MODULE_FAILED'
  constructor(
    readonly module: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The module ${module} cannot be loaded: ${facts.cause instanceof Error ? facts.cause.message : String(facts.cause)}.`,
      'Mend it; `DEBUG=tardigrade` shows where it threw.',
      facts,
    )
  }
}

/** The module is TypeScript, and this Node runs none. */
export class TypeScriptModuleError extends TardigradeError {
  readonly code = 'TYPESCRIPT_MODULE'

  override get name(): string {
    return 'TypeScriptModuleError'
  }

  constructor(
    readonly module: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The module ${module} is TypeScript, and Node ${process.versions.node} does not run it.`,
      'Build it to JavaScript and run that, or use Node 22.18 or newer.',
      facts,
    )
  }
}

/** The module exports no service definition, not the one asked for, or several. */
export class NoServiceError extends TardigradeError {
  readonly code = 'NO_SERVICE'
  constructor(
    readonly module: string,
    problem: string,
    remedy: string,
    facts: ErrorFacts = {},
  ) {
    super(`The module ${module} ${problem}.`, remedy, facts)
  }
}

/** Somebody deleted the service while it was run. */
export class ServiceDeletedError extends TardigradeError {
  readonly code = 'SERVICE_DELETED'
  constructor(facts: ErrorFacts = {}) {
    super(
      'The service was deleted by another process, with all its checkpoints.',
      'To begin anew, run it again.',
      facts,
    )
  }
}

/** The service is at its end, and was asked for what only a living one can do. */
export class NothingLeftError extends TardigradeError {
  // As of an event that comes too late: it is the same trouble, with the same way out.
  readonly code = 'SERVICE_ENDED'
  constructor(request: string, facts: ErrorFacts = {}) {
    super(
      `The service is done: there is nothing to ${request}.`,
      '`tardigrade rm KEY` makes room for a new one.',
      facts,
    )
  }
}

/** The arguments of a command do not fit together. */
export class UsageError extends TardigradeError {
  readonly code = 'USAGE'
}

/** Something needs attention, and has been printed: only the exit code is left to tell it. */
export class UnsoundError extends TardigradeError {
  readonly code = 'UNSOUND'
}

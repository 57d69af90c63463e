import { type ErrorFacts, problemOf, TardigradeError } from './base.js'
import { errorOf } from './thrown.js'

/** A checkpoint whose text is not what was written: wrong checksum, cut short, no checkpoint at all. */
export class DamagedCheckpointError extends TardigradeError {
  readonly code = 'DAMAGED_CHECKPOINT'
  constructor(
    readonly reason: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The checkpoint is damaged: ${reason}.`,
      'It is kept; go on from the last good one with `tardigrade retry KEY --last-good` or service.retry({ lastGood: true }).',
      facts,
    )
  }
}

/** A checkpoint whose content does not fit the machine, though its text is sound. `path` leads to the misfit. */
export class InvalidCheckpointError extends TardigradeError {
  readonly code = 'INVALID_CHECKPOINT'
  constructor(
    readonly path: string,
    readonly problem: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The checkpoint does not fit the machine at ${path}: ${problem}.`,
      'It is kept; raise the definition’s version and add a migration that mends it, or go on from the last good one.',
      facts,
    )
  }
}

/** The checkpoint under this key belongs to another service definition or another machine. */
export class ForeignCheckpointError extends TardigradeError {
  readonly code = 'FOREIGN_CHECKPOINT'
  constructor(
    readonly stored: string,
    readonly expected: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The checkpoint belongs to ${stored}, not to ${expected}.`,
      'Start this service under another key, or give the definition its old id back.',
      facts,
    )
  }
}

/** The checkpoint was written by newer code. */
export class NewerCheckpointError extends TardigradeError {
  readonly code = 'NEWER_CHECKPOINT'
  constructor(
    readonly storedVersion: number,
    readonly version: number,
    what: 'definition' | 'format',
    facts: ErrorFacts = {},
  ) {
    super(
      `The checkpoint has ${what} version ${storedVersion}, newer than version ${version} of this code.`,
      'Run the newer code here: deploy it again, or load this page anew. A checkpoint is never read backwards.',
      facts,
    )
  }
}

/** No migration leads from the checkpoint's version on. */
export class MissingMigrationError extends TardigradeError {
  readonly code = 'MISSING_MIGRATION'
  constructor(
    readonly fromVersion: number,
    readonly version: number,
    facts: ErrorFacts = {},
  ) {
    super(
      `The checkpoint has version ${fromVersion}, and no migration leads from it to version ${version}.`,
      `Add migrations[${fromVersion}]: (snapshot) => snapshot, to the definition.`,
      facts,
    )
  }
}

/** A migration threw, or what it returned does not fit. */
export class MigrationFailedError extends TardigradeError {
  readonly code = 'MIGRATION_FAILED'
  constructor(
    readonly fromVersion: number,
    facts: ErrorFacts = {},
  ) {
    super(
      `The migration from version ${fromVersion} ${faultOf(facts.cause)}.`,
      'Mend the migration; the checkpoint is unchanged. `tardigrade migrate --check` tries it on every record.',
      facts,
    )
  }
}

/** What a migration did, without the remedy of its cause: that is for a checkpoint that was stored. */
function faultOf(cause: unknown): string {
  return cause instanceof InvalidCheckpointError
    ? `returned what does not fit at ${cause.path}: ${cause.problem}`
    : `threw: ${problemOf(errorOf(cause)).replace(/\.$/, '')}`
}

/** The machine's structure changed while the definition's version did not. */
export class StructureChangedError extends TardigradeError {
  readonly code = 'STRUCTURE_CHANGED'
  constructor(
    readonly storedStructure: string,
    readonly structure: string,
    readonly version: number,
    facts: ErrorFacts = {},
  ) {
    super(
      `The machine’s states, invocations or delays changed (${storedStructure} → ${structure}) under the same version ${version}.`,
      `Raise it to ${version + 1} and add migrations[${version}]: (snapshot) => snapshot, where it still fits; timers and invoked actors of states that changed are renamed (renameIds).`,
      facts,
    )
  }
}

/** The machine was read of a service that is not revived yet, or cannot be. */
export class NotRevivedError extends TardigradeError {
  readonly code = 'NOT_REVIVED'
  constructor(facts: ErrorFacts = {}) {
    super(
      'The machine has no snapshot before its service is revived.',
      'See service.getSnapshot() first: its context holds the failure.',
      facts,
    )
  }
}

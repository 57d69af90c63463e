import type { FailureRecord, InboxEntry } from '../checkpoint/record.js'
import { problemOf, TardigradeError } from '../errors/base.js'
import {
  ForeignCheckpointError,
  MigrationFailedError,
  MissingMigrationError,
  NewerCheckpointError,
  StructureChangedError,
} from '../errors/checkpoint.js'
import {
  EffectFailedError,
  FailedEarlierError,
  MachineFailedError,
  UncapturableError,
} from '../errors/service.js'
import { withFacts } from '../errors/with-facts.js'

interface Facts {
  readonly service: string
  readonly key: string
}

/**
 * Why a tree ended: what the gate refuses stands for itself; that of another service, which this one awaits, does not.
 * `entry`: the event of the inbox that it was given.
 */
export function treeFailure(cause: unknown, facts: Facts, entry: InboxEntry | undefined): TardigradeError {
  const refused = cause instanceof UncapturableError && cause.service === undefined
  return refused ? withFacts(cause, facts) : new MachineFailedError({ ...facts, cause }, entry)
}

/** Why a tree could not be captured. */
export function captureFailure(cause: unknown, facts: Facts): TardigradeError {
  return cause instanceof TardigradeError
    ? withFacts(cause, facts)
    : new MachineFailedError({ ...facts, cause })
}

/** Whether a failure is the author's machine's, and noted in its checkpoint; those of stores and checkpoints leave it alone. */
export function isOwnFailure(error: Error): boolean {
  return (
    error instanceof MachineFailedError ||
    error instanceof EffectFailedError ||
    error instanceof UncapturableError ||
    (error instanceof TardigradeError && error.code === 'UNENCODABLE')
  )
}

/** Whether the state in the newest checkpoint led to the failure, now or in an earlier life: others leave that in doubt. */
export function isFailureInState(error: Error): boolean {
  return isOwnFailure(error) || error instanceof FailedEarlierError
}

const UNFIT = [
  ForeignCheckpointError,
  MigrationFailedError,
  MissingMigrationError,
  NewerCheckpointError,
  StructureChangedError,
] as const

/** Whether this code cannot go on from a checkpoint that is as good as it was: nothing of the service has run. */
export function isUnfit(error: Error): boolean {
  return UNFIT.some((kind) => error instanceof kind)
}

/** A failure as it is noted. Whoever tells of it later gives the remedy of then. */
export function failureRecord(error: Error, atMs: number, inboxAt: number | undefined): FailureRecord {
  return { name: error.name, message: problemOf(error), atMs, ...(inboxAt !== undefined && { inboxAt }) }
}

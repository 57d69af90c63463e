import type { ActorRecord, CheckpointRecord, OutboxEntry, TimerRecord } from '../checkpoint/record.js'
import { checkRecord } from '../checkpoint/schema.js'
import {
  InvalidCheckpointError,
  MigrationFailedError,
  MissingMigrationError,
  NewerCheckpointError,
} from '../errors/checkpoint.js'
import { isObject, shown } from '../errors/option-checks.js'

/**
 * What a migration gets and returns: the machine's snapshot as data, its children and its timers, and what it owes.
 *
 * References to actors stand in it as opaque objects: move them, don't open them.
 */
export interface MigrationSnapshot {
  readonly value: unknown
  // Stored data of an earlier version has no static type; the migration is what knows it.
  readonly context: Readonly<Record<string, unknown>>
  readonly historyValue: unknown
  readonly children: readonly ActorRecord[]
  readonly timers: readonly TimerRecord[]
  /** What was decided and is not done yet; stays as it is where a migration returns none. */
  readonly outbox?: readonly OutboxEntry[]
}

/** From version → the step to the next one. A step may return its argument where it still fits. */
export type Migrations = Readonly<Record<number, (snapshot: MigrationSnapshot) => MigrationSnapshot>>

/** Refuses a record of the definition's version that does not fit its machine. */
type CheckFit = (record: CheckpointRecord) => void

function migrateOnce(
  record: CheckpointRecord,
  migrations: Migrations,
  to: number,
  check: CheckFit,
): CheckpointRecord {
  const facts = { service: record.service, key: record.key }
  const migration = migrations[record.version]
  if (migration === undefined) throw new MissingMigrationError(record.version, to, facts)
  const { snapshot, children = [] } = record.root
  try {
    const returned = migration({
      value: snapshot.value,
      // A machine's context is an object; the shape check of the checkpoint has seen to the snapshot.
      context: (snapshot.context ?? {}) as Readonly<Record<string, unknown>>,
      historyValue: snapshot.historyValue,
      children,
      timers: record.timers,
      outbox: record.outbox,
    })
    // What a step made is as unknown as what was stored: a forgotten return shows here.
    if (!isObject(returned) || 'then' in returned) {
      const what = isObject(returned) ? 'a promise' : shown(returned)
      throw new InvalidCheckpointError('its root', `it is ${what}, and no snapshot`)
    }
    const migrated = checkRecord(withMigrated(record, returned))
    if (migrated.version === to) check(migrated)
    return migrated
  } catch (cause) {
    throw new MigrationFailedError(record.version, { ...facts, cause })
  }
}

function withMigrated(record: CheckpointRecord, migrated: MigrationSnapshot): CheckpointRecord {
  // The order of the old nodes says nothing about the new states, and the old history is the step's to keep.
  const { nodes: _, historyValue: __, ...rest } = record.root.snapshot
  const { value, context, historyValue, children, timers, outbox = record.outbox } = migrated
  const snapshot = { ...rest, value, context, ...(historyValue === undefined ? {} : { historyValue }) }
  return {
    ...record,
    version: record.version + 1,
    root: { ...record.root, snapshot, children },
    timers,
    outbox,
  }
}

/**
 * Brings a record to the definition's version, one step at a time, and has it fit the machine. The record itself is
 * not changed.
 *
 * @throws {NewerCheckpointError} the record is newer than the code
 * @throws {MissingMigrationError} a step is missing
 * @throws {MigrationFailedError} a step threw, or what it returned is no snapshot or does not fit
 * @throws what `check` does, where no step is needed
 */
export function migrate(
  record: CheckpointRecord,
  migrations: Migrations,
  version: number,
  check: CheckFit,
): CheckpointRecord {
  if (record.version > version) {
    throw new NewerCheckpointError(record.version, version, 'definition', {
      service: record.service,
      key: record.key,
    })
  }
  if (record.version === version) check(record)
  let current = record
  while (current.version < version) current = migrateOnce(current, migrations, version, check)
  return current
}

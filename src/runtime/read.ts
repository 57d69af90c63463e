import type { CheckpointRecord } from '../checkpoint/record.js'
import { checkRecord } from '../checkpoint/schema.js'
import { FORMAT, unseal } from '../checkpoint/seal.js'
import { TardigradeError } from '../errors/base.js'
import {
  DamagedCheckpointError,
  ForeignCheckpointError,
  NewerCheckpointError,
  StructureChangedError,
} from '../errors/checkpoint.js'
import { withFacts } from '../errors/with-facts.js'
import type { ServiceDefinition } from '../service/definition.js'
import { migrate } from '../service/migrations.js'
import type { TreeCodec } from '../xstate/codec.js'
import { checkFit } from '../xstate/fit.js'
import { checkMigrated } from '../xstate/fit-migrated.js'

/** A checkpoint that may be revived, with the number of actor references in it. */
export interface ReadCheckpoint {
  readonly record: CheckpointRecord
  readonly references: number
}

/** A decoded record, before it is held against a definition. */
export function decodeCheckpoint(text: string, codec: TreeCodec): ReadCheckpoint {
  const { format, body } = unseal(text)
  if (format > FORMAT) throw new NewerCheckpointError(format, FORMAT, 'format')
  const { value, references } = codec.decode(body)
  return { record: checkRecord(value), references }
}

/**
 * Verifies a stored checkpoint and brings it to the definition's version. Nothing is revived, nothing
 * stored is changed, nothing is guessed.
 *
 * @throws {DamagedCheckpointError | InvalidCheckpointError} the text or its content is not sound, as it was stored
 * @throws {ForeignCheckpointError} it belongs to another definition, machine or key
 * @throws {NewerCheckpointError | MissingMigrationError | MigrationFailedError | StructureChangedError} versions
 */
export function readCheckpoint(
  text: string,
  definition: ServiceDefinition,
  key: string,
  codec: TreeCodec,
): ReadCheckpoint {
  const facts = { service: definition.id, key }
  try {
    const { record, references } = decodeCheckpoint(text, codec)
    if (record.service !== definition.id || record.key !== key) {
      throw new ForeignCheckpointError(
        `${record.service} under the key ${record.key}`,
        `${definition.id} under the key ${key}`,
      )
    }
    if (record.version === definition.version) {
      if (record.machine !== definition.machine.id) {
        throw new ForeignCheckpointError(
          `the machine ${record.machine}`,
          `the machine ${definition.machine.id}`,
        )
      }
      if (record.structure !== definition.structure) {
        throw new StructureChangedError(record.structure, definition.structure, record.version)
      }
    }
    const migrated = migrate(record, definition.migrations, definition.version, (made) => {
      checkFit(definition.machine, made)
      if (made !== record) checkMigrated(definition.machine, made)
    })
    return { record: migrated, references }
  } catch (cause) {
    if (cause instanceof TardigradeError) throw withFacts(cause, facts)
    throw new DamagedCheckpointError('its content cannot be read', { ...facts, cause })
  }
}

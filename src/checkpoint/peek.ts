import { TardigradeError } from '../errors/base.js'
import { DamagedCheckpointError, NewerCheckpointError } from '../errors/checkpoint.js'
import { withFacts } from '../errors/with-facts.js'
import type { StoredCheckpoint } from '../ports/store.js'
import { readJson } from './json.js'
import type { CheckpointRecord } from './record.js'
import { fillRepeats, isObject } from './repeats.js'
import { checkRecord } from './schema.js'
import { FORMAT, unseal } from './seal.js'

/**
 * Reads a checkpoint without its definition: superjson's plain half, in which dates are texts and maps are
 * lists of pairs. For showing, never for reviving.
 *
 * @throws {DamagedCheckpointError | InvalidCheckpointError | NewerCheckpointError}
 */
export function peek({ text, service, key }: StoredCheckpoint): CheckpointRecord {
  try {
    const { format, body } = unseal(text)
    if (format > FORMAT) throw new NewerCheckpointError(format, FORMAT, 'format')
    return checkRecord(plainHalf(body))
  } catch (error) {
    if (error instanceof TardigradeError) throw withFacts(error, { service, key })
    // As deep as the stack does not reach, say.
    throw new DamagedCheckpointError('its content cannot be read', { service, key, cause: error })
  }
}

/** The record, or what is wrong with it. */
export function tryPeek(
  stored: StoredCheckpoint,
): { readonly record: CheckpointRecord } | { readonly error: TardigradeError } {
  try {
    return { record: peek(stored) }
  } catch (error) {
    // `peek` throws nothing else.
    return { error: error as TardigradeError }
  }
}

/**
 * The record with its values as they were, where `decode` can tell them (`isWhole`); of any other its plain half, or what is wrong with it.
 * For showing, never for reviving.
 */
export function tryPeekWhole(
  stored: StoredCheckpoint,
  decode: (body: string) => unknown,
): { readonly record: CheckpointRecord; readonly isWhole: boolean } | { readonly error: TardigradeError } {
  try {
    const { format, body } = unseal(stored.text)
    if (format <= FORMAT) return { record: checkRecord(decode(body)), isWhole: true }
  } catch {
    // `tryPeek` says what is wrong, if that is more than a type that nobody knows here.
  }
  const peeked = tryPeek(stored)
  return 'error' in peeked ? peeked : { ...peeked, isWhole: false }
}

/** The state of the machine in a record, or undefined where its root is none. */
export function machineValueOf(record: CheckpointRecord): unknown {
  return record.root.snapshot.value
}

function plainHalf(body: string): unknown {
  let parsed: unknown
  try {
    parsed = readJson(body)
  } catch (cause) {
    throw new DamagedCheckpointError('its body is no JSON', { cause })
  }
  if (!isObject(parsed) || !('json' in parsed)) {
    throw new DamagedCheckpointError('its body is not of superjson’s form')
  }
  if (isObject(parsed.meta)) fillRepeats(parsed.json, parsed.meta.referentialEqualities)
  return parsed.json
}

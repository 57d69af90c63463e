import type { CheckpointRecord, ServiceDefinition, Store } from 'tardigrade'
import { decodeCheckpoint } from '../../src/runtime/read.js'
import { createTreeCodec } from '../../src/xstate/codec.js'

/** A sealed checkpoint as data, whatever its definition. */
export function opened(text: string, definition: unknown): CheckpointRecord {
  // The codec asks it for its classes alone.
  return decodeCheckpoint(text, createTreeCodec(definition as ServiceDefinition)).record
}

/** The newest checkpoint of the key, as data. */
export async function stored(store: Store, definition: unknown, key: string): Promise<CheckpointRecord> {
  const checkpoint = await (await store.read()).load(key)
  if (checkpoint === undefined) throw new Error(`nothing is stored under ${key}`)
  return opened(checkpoint.text, definition)
}

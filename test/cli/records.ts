import type { CommitRequest, Phase, Store, StoreClaim } from 'tardigrade'
import { fileStore } from 'tardigrade/stores/file'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { seal } from '../../src/checkpoint/seal.js'

/** What a test says of a checkpoint; the rest is as for a lamp that is off. */
export interface Lamp {
  readonly key: string
  readonly sequence?: number
  readonly phase?: Phase
  readonly value?: string
  readonly version?: number
  readonly context?: unknown
  readonly wakeAtMs?: number
  /** Written into the record as it is. */
  readonly extra?: Readonly<Record<string, unknown>>
  /** superjson's half beside the data. */
  readonly meta?: unknown
  /** Stored instead of the sealed record. */
  readonly text?: string
}

/** The structure hash is the one that only a machine of the same shape has, so these are never revived. */
export function lampCheckpoint(lamp: Lamp): CommitRequest {
  const { key, sequence = 1, phase = 'running', value = 'off', version = 1, wakeAtMs, meta } = lamp
  const status = phase === 'done' ? 'done' : 'active'
  const record = {
    format: 1,
    service: 'lamp',
    key,
    version,
    machine: 'lamp',
    structure: 'none',
    incarnation: 'i',
    sequence,
    epoch: 1,
    savedAtMs: 0,
    phase,
    holds: [],
    root: {
      id: '',
      src: '',
      snapshot: { status, value, context: lamp.context ?? {} },
      children: [],
    },
    timers: [],
    inbox: [],
    outbox: [],
    eventKeys: [],
    ...lamp.extra,
  }
  const body = JSON.stringify({ json: record, ...(meta === undefined ? {} : { meta }) })
  return {
    key,
    service: 'lamp',
    version,
    sequence,
    savedAtMs: 0,
    phase,
    wakeAtMs,
    text: lamp.text ?? seal(body),
  }
}

/** Writes checkpoints into a store as its owner would, and gives it back. */
export async function write(
  folder: string,
  lamps: readonly Lamp[],
  also: (claim: StoreClaim) => Promise<void> = async () => {},
  store: Store = sqliteStore(folder),
): Promise<void> {
  const claim = await store.claim()
  for (const outcome of await claim.commit(lamps.map(lampCheckpoint))) if (!outcome.ok) throw outcome.error
  await also(claim)
  await claim.close()
}

/** The same in plain files. */
export const writeFiles = (folder: string, lamps: readonly Lamp[]) =>
  write(folder, lamps, undefined, fileStore(folder))

import { brief, identityHead } from '../checkpoint/brief.js'
import { seal } from '../checkpoint/seal.js'
import { TardigradeError } from '../errors/base.js'
import type {
  CheckpointSummary,
  CommitRequest,
  StoreClaim,
  StoredCheckpoint,
  StoreReader,
} from '../ports/store.js'
import { requestOf } from '../runtime/compose.js'
import { readCheckpoint } from '../runtime/read.js'
import type { ServiceDefinition } from '../service/definition.js'
import { createTreeCodec, type TreeCodec } from '../xstate/codec.js'
import type { Output } from './output.js'
import { progressBar } from './progress.js'
import { summaries } from './store.js'

/** What is needed of a claim to write. */
type Committing = Pick<StoreClaim, 'commit' | 'epoch'>

/** What became of a definition's records, or would become of them. */
export interface MigrationReport {
  /** Of the definition's version already. */
  readonly current: number
  readonly migrated: number
  readonly failed: readonly { readonly key: string; readonly error: TardigradeError }[]
}

/**
 * Brings every record of the definition to its version, at rest: nothing is started, and phases, timers, inboxes
 * and owed effects stay as they are. A record that cannot be migrated is left alone.
 *
 * @param claim without it, it is a dry run
 * @throws what the store rejects a commit with; what was committed before stays
 */
export async function migrateAll(
  output: Output,
  definition: ServiceDefinition,
  reader: StoreReader,
  claim?: Committing,
): Promise<MigrationReport> {
  const own: CheckpointSummary[] = []
  for await (const summary of summaries(reader)) if (summary.service === definition.id) own.push(summary)
  const codec = createTreeCodec(definition)
  const batch = new Batch(claim)
  const failed: { key: string; error: TardigradeError }[] = []
  let [current, migrated] = [0, 0]
  const bar = progressBar(output, claim === undefined ? 'Trying' : 'Migrating', own.length)
  try {
    for (const { key } of own) {
      bar.step()
      const stored = await reader.load(key)
      const next = stored === undefined ? 'gone' : migrateOne(stored, definition, codec, claim?.epoch)
      if (next === 'current') current++
      else if (next instanceof TardigradeError) failed.push({ key, error: next })
      else if (next !== 'gone') {
        migrated++
        await batch.add(next)
      }
    }
    await batch.write()
  } finally {
    bar.stop()
  }
  return { current, migrated, failed }
}

/** The record in the definition's version, to be committed; or why there is none. */
function migrateOne(
  stored: StoredCheckpoint,
  definition: ServiceDefinition,
  codec: TreeCodec,
  epoch = stored.epoch,
): CommitRequest | 'current' | TardigradeError {
  const { id, version, machine, structure } = definition
  try {
    const { record } = readCheckpoint(stored.text, definition, stored.key, codec)
    if (stored.version === version) return 'current'
    const sequence = stored.sequence + 1
    const changed = { version, machine: machine.id, structure, sequence, epoch, savedAtMs: Date.now() }
    const next = { ...record, ...changed, failure: record.failure }
    const text = seal(codec.encode(brief(next), undefined, identityHead(next)))
    return requestOf(definition, stored.key, next, text)
  } catch (error) {
    if (!(error instanceof TardigradeError)) throw error
    return Object.assign(error, { service: id, key: stored.key })
  }
}

/** Commits together what is not too much for memory; without a claim nothing. */
class Batch {
  #requests: CommitRequest[] = []
  #characters = 0

  constructor(private readonly claim: Committing | undefined) {}

  async add(request: CommitRequest): Promise<void> {
    this.#requests.push(request)
    this.#characters += request.text.length
    if (this.#characters > 4_000_000) await this.write()
  }

  async write(): Promise<void> {
    const requests = this.#requests
    this.#requests = []
    this.#characters = 0
    if (this.claim === undefined || requests.length === 0) return
    for (const outcome of await this.claim.commit(requests)) if (!outcome.ok) throw outcome.error
  }
}

import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSupervisor, type Service } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { onTestFinished } from 'vitest'
import type { SnapshotFrom } from 'xstate'
import transfer, {
  progressOf,
  type TransferInput,
  type transferMachine,
} from '../../machines/transfer/index.js'
import { ManualClock } from '../kit/clock.js'

export type TransferService = Service<typeof transferMachine>
type Snapshot = SnapshotFrom<typeof transferMachine>

/** Small, so that a few hundred bytes are many chunks. */
export const CHUNK = 64

/** Bytes in which every place is told from its neighbours and from the same place of the next chunk. */
export function content(size: number, seed = 0): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, index) => index * 31 + (index >> 8) * 7 + seed))
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A folder of a test's own, with what a transfer needs. */
export class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), 'tardigrade-transfer-'))
  readonly from = this.at('source')
  readonly to = this.at('copy')
  readonly part = this.at('copy.part')
  readonly clock = new ManualClock()

  constructor(size: number) {
    writeFileSync(this.from, content(size))
    onTestFinished(() => rmSync(this.folder, { recursive: true }))
  }

  at(name: string): string {
    return join(this.folder, name)
  }

  /** Starts a transfer; time stands still for it. */
  async start(input: Partial<TransferInput> = {}): Promise<TransferService> {
    const supervisor = await createSupervisor({ store: memoryStore(), clock: this.clock, onFailed: () => {} })
    onTestFinished(async () => {
      const closed = supervisor.close({ deadlineMs: 0 })
      await this.clock.advance(0)
      await closed
    })
    const { from, to } = this
    return supervisor.start(transfer, {
      input: { from, to, chunkSize: CHUNK, journal: this.at('journal'), ...input },
    })
  }

  /** Where each chunk write began, in order. */
  get written(): readonly number[] {
    if (!existsSync(this.at('journal'))) return []
    return readFileSync(this.at('journal'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => Number(line.split(' ')[1]))
  }
}

/** The beginnings of all chunks of a file. */
export function chunksOf(size: number): readonly number[] {
  return Array.from({ length: Math.ceil(size / CHUNK) }, (_, index) => index * CHUNK)
}

/** Resolves with the first snapshot of the machine for which `holds` is true. */
export function becomes(service: TransferService, holds: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const { value, context } = service.getSnapshot()
      if (value === 'failed') reject(context.failure)
      const snapshot = service.machine.getSnapshot()
      if (holds(snapshot)) resolve(snapshot)
    }
    service.subscribe(look)
    service.machine.subscribe(look)
    look()
  })
}

/** Resolves when the machine is in the phase. */
export function reaches(service: TransferService, phase: Snapshot['value']): Promise<Snapshot> {
  return becomes(service, ({ value }) => value === phase)
}

/** Resolves when so many bytes are safe. */
export function has(service: TransferService, bytes: number): Promise<Snapshot> {
  return becomes(service, (snapshot) => progressOf(snapshot).bytesDone >= bytes)
}

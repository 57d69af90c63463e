import type { SnapshotFrom } from 'xstate'
import type { transferMachine } from './machine.js'
import { backoffMs, type Problem } from './problem.js'

/** A transfer as a UI shows it. */
export interface TransferProgress {
  readonly phase: SnapshotFrom<typeof transferMachine>['value']
  readonly bytesDone: number
  /** Undefined until the source was measured. */
  readonly bytesTotal: number | undefined
  /** The chunk that it is at, from 1 on, and how many there are; 0 before the source was measured. */
  readonly chunk: number
  readonly chunks: number
  /** Why it waits or failed. */
  readonly problem: Problem | undefined
  /** How long it waits in all before it tries again, in ms; undefined while it does not wait. */
  readonly retryInMs: number | undefined
}

/**
 * How far a transfer is.
 *
 * @example
 * ```ts
 * service.machine.subscribe((snapshot) => {
 *   const { phase, bytesDone, bytesTotal } = progressOf(snapshot)
 * })
 * ```
 */
export function progressOf(
  snapshot: Pick<SnapshotFrom<typeof transferMachine>, 'value' | 'context'>,
): TransferProgress {
  const { plan, job, bytesDone, attempts, problem } = snapshot.context
  const chunks = job === undefined ? 0 : Math.ceil(job.facts.size / plan.chunkSize)
  return {
    phase: snapshot.value,
    bytesDone,
    bytesTotal: job?.facts.size,
    chunk: Math.min(chunks, Math.floor(bytesDone / plan.chunkSize) + 1),
    chunks,
    problem,
    retryInMs: snapshot.value === 'waiting' ? backoffMs(attempts, problem) : undefined,
  }
}

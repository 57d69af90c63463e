import { defineService } from 'tardigrade'
import { transferMachine } from './machine.js'

export { checkTransfer } from './check.js'
export type { TransferInput } from './input.js'
export { transferMachine } from './machine.js'
export {
  type TransferContext,
  type TransferEvent,
  type TransferOutput,
  type TransferWork,
  transferMachineOf,
} from './machine-of.js'
export type { Problem, ProblemKind } from './problem.js'
export { progressOf, type TransferProgress } from './progress.js'

/**
 * Copies a file of any size to a folder, a file or an HTTP address, and goes on at the chunk after any
 * interruption.
 *
 * @example
 * ```ts
 * const service = await supervisor.start(transfer, {
 *   key: 'holiday.mp4',
 *   input: { from: 'holiday.mp4', to: '/mnt/backup/', bytesPerSecond: 10_000_000 },
 * })
 * ```
 */
export default defineService({
  id: 'transfer',
  version: 1,
  machine: transferMachine,
  pauseOn: ['background', 'offline', 'low-battery', 'low-memory'],
})

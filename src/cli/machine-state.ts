import { nextDeadlineIn } from '../checkpoint/next-deadline.js'
import { machineValueOf, tryPeek } from '../checkpoint/peek.js'
import type { TardigradeError } from '../errors/base.js'
import type { StoredCheckpoint } from '../ports/store.js'
import { stateText } from './format.js'

/** The machine's state in a checkpoint, as XState writes it; or what keeps it from being read. */
export type MachineState =
  /** `deadlineAtMs`: when the next timer is due that does not stand still while the service rests. */
  | { readonly state: unknown; readonly deadlineAtMs?: number; readonly holds: readonly string[] }
  | { readonly damage: { readonly code: string; readonly message: string } }

/** Reads the machine's state, and what comes due, without its definition. */
export function machineStateOf(stored: StoredCheckpoint): MachineState {
  const seen = tryPeek(stored)
  if (!('record' in seen)) return damaged(seen.error)
  const { timers, holds } = seen.record
  const deadlineAtMs = nextDeadlineIn(timers)
  return { state: machineValueOf(seen.record), ...(deadlineAtMs !== undefined && { deadlineAtMs }), holds }
}

/** What is shown of a checkpoint that cannot be read. */
export function damaged({ code, message }: TardigradeError): MachineState {
  return { damage: { code, message } }
}

/** The state for a table; of a damaged checkpoint the error's code. */
export function machineStateText(content: MachineState): string {
  return 'damage' in content ? content.damage.code : stateText(content.state)
}

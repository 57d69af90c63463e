import { machineValueOf, tryPeek } from '../checkpoint/peek.js'
import type { TardigradeError } from '../errors/base.js'
import type { StoredCheckpoint } from '../ports/store.js'
import { stateText } from './format.js'

/** The machine's state in a checkpoint, as XState writes it; or what keeps it from being read. */
export type MachineState =
  | { readonly state: unknown }
  | { readonly damage: { readonly code: string; readonly message: string } }

/** Reads the machine's state without its definition. */
export function machineStateOf(stored: StoredCheckpoint): MachineState {
  const seen = tryPeek(stored)
  return 'record' in seen ? { state: machineValueOf(seen.record) } : damaged(seen.error)
}

/** What is shown of a checkpoint that cannot be read. */
export function damaged({ code, message }: TardigradeError): MachineState {
  return { damage: { code, message } }
}

/** The state for a table; of a damaged checkpoint the error's code. */
export function machineStateText(content: MachineState): string {
  return 'damage' in content ? content.damage.code : stateText(content.state)
}

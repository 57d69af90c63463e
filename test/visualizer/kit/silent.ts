import type { StoredService } from '../../../src/inspect/stream/message.js'
import type { StoredState } from '../../../src/inspect/stream/state.js'
import { BEGAN_MS, type Recording } from './recording.js'

/** A lamp's checkpoint by a process that records nothing, as a look at the store tells of it. */
export function silentCheckpoint(checkpoint: number, savedAfterMs: number, value: string): StoredService {
  const lamp = { key: 'hall', definition: 'lamp', version: 1, phase: 'running', epoch: 4, size: 9 }
  return { ...lamp, checkpoint, savedAtMs: BEGAN_MS + savedAfterMs, value }
}

/** Tells that the store holds a checkpoint and nothing else. */
export function tellStored(recording: Recording, stored: StoredService): void {
  recording.messages.push({ type: 'stored', services: [stored], removed: [], complete: true })
}

/** Tells what stands in a checkpoint, as a server does that was asked; `state`: what is not as in a lamp that owes nothing. */
export function tellInside(
  recording: Recording,
  stored: StoredService,
  presses: number,
  state: Partial<StoredState> = {},
): void {
  const { key, definition, version, phase, checkpoint, value = '' } = stored
  const snapshot = { status: 'active', value, context: { presses } }
  const whole: StoredState = {
    definition,
    version,
    lifecycle: phase,
    revivedFrom: checkpoint,
    holds: [],
    actors: [{ actor: [], logic: '', snapshot }],
    timers: [],
    inbox: [],
    outbox: [],
    ...state,
  }
  recording.messages.push({ type: 'history', id: 1, key, checkpoints: [{ ...stored, state: whole }] })
}

import { signal } from '@preact/signals'
import type { HistoryMessage, StoredService } from '../../../src/inspect/stream/message.js'
import type { ServiceState } from '../../../src/inspect/stream/state.js'
import { Moments } from './moments.js'
import { fieldOf, valueText } from './values.js'

/** What the page knows of one service. */
export class Service {
  readonly moments = new Moments()
  /** Goes up whenever something of the service has changed, at most once a frame. */
  readonly version = signal(0)
  stored: StoredService | undefined
  /** Whether the store could not be read since. */
  isUnread = false
  /** The checkpoints that the store keeps of it, as far as somebody has asked. */
  history: HistoryMessage | undefined
  /** The process start that has told of it last. */
  incarnation: string | undefined
  committedAtMs: number | undefined

  constructor(readonly key: string) {}

  get state(): ServiceState | undefined {
    return this.moments.state
  }
}

/** A service as the list shows it. */
export interface Summary {
  readonly key: string
  readonly definition: string
  /** State of the lifecycle, or of a service that no process has: what its checkpoint says. */
  readonly lifecycle: string
  /** State of the author's machine. */
  readonly machine: string
  readonly holds: readonly string[]
  /** When its next timer is due, in ms since 1970. */
  readonly nextDueAtMs: number | undefined
  readonly committedAtMs: number | undefined
  readonly live: boolean
}

/** What the store says: `known`, and what it does not hold of it, it does not hold at all; or nothing, since not all has come or it cannot be read. */
export type StoreWord = 'known' | 'unknown' | 'unreadable'

export function summaryOf(
  { key, state, stored, committedAtMs }: Service,
  live: boolean,
  word: StoreWord,
): Summary {
  const machine = state?.actors.find(({ actor }) => actor.length === 0)
  const due = state?.timers.map(({ dueAtMs }) => dueAtMs) ?? []
  const running = state?.asleep === true ? 'asleep' : (state?.lifecycle ?? 'resuming')
  return {
    key,
    definition: state?.definition ?? stored?.definition ?? '',
    lifecycle: live && state !== undefined ? running : restOf(state, stored, word),
    machine: valueText(fieldOf(machine?.snapshot, 'value') ?? stored?.value),
    holds: state === undefined ? (stored?.holds ?? []) : [...new Set(state.holds.map(({ hold }) => hold))],
    nextDueAtMs: due.length === 0 ? stored?.wakeAtMs : Math.min(...due),
    committedAtMs: committedAtMs ?? stored?.savedAtMs,
    live,
  }
}

/** In no process: one that was not brought to rest was interrupted, and the next start goes on from there. */
function restOf(state: ServiceState | undefined, stored: StoredService | undefined, word: StoreWord): string {
  // What was recorded last need not be what is stored.
  if (word === 'unreadable') return 'unreadable'
  if (stored?.damage !== undefined) return 'damaged'
  // A guest has no commits, and its services are in no store.
  if (word === 'known' && stored === undefined && state?.commit !== undefined) return 'removed'
  const phase = stored?.phase ?? state?.commit?.phase ?? state?.lifecycle ?? 'stopped'
  return ['running', 'resuming', 'checkpointing'].includes(phase) ? 'interrupted' : phase
}

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

/** How a service stands beside what was recorded of it. */
export interface Standing {
  /** A process tells of it. */
  readonly live: boolean
  readonly word: StoreWord
  /** The store has a checkpoint of it that is newer than all that was recorded. */
  readonly isOutdated: boolean
  /** A process that records nothing has the store. */
  readonly isOwned: boolean
}

export function summaryOf(service: Service, standing: Standing): Summary {
  const { key, stored } = service
  const { live } = standing
  // Of an older life nothing is true any more.
  const state = standing.isOutdated ? undefined : service.state
  const committedAtMs = standing.isOutdated ? undefined : service.committedAtMs
  const machine = state?.actors.find(({ actor }) => actor.length === 0)
  const due = state?.timers.map(({ dueAtMs }) => dueAtMs) ?? []
  const running = state?.asleep === true ? 'asleep' : (state?.lifecycle ?? 'resuming')
  return {
    key,
    definition: state?.definition ?? stored?.definition ?? '',
    lifecycle: live && state !== undefined ? running : restOf(state, stored, standing),
    machine: valueText(fieldOf(machine?.snapshot, 'value') ?? stored?.value),
    holds: state === undefined ? (stored?.holds ?? []) : [...new Set(state.holds.map(({ hold }) => hold))],
    nextDueAtMs: due.length === 0 ? stored?.wakeAtMs : Math.min(...due),
    committedAtMs: committedAtMs ?? stored?.savedAtMs,
    live,
  }
}

/** In no process: one that was not brought to rest was interrupted, and the next start goes on from there. */
function restOf(
  state: ServiceState | undefined,
  stored: StoredService | undefined,
  { word, isOwned }: Standing,
): string {
  // What was recorded last need not be what is stored.
  if (word === 'unreadable') return 'unreadable'
  if (stored?.damage !== undefined) return 'damaged'
  // A guest has no commits, and its services are in no store.
  if (word === 'known' && stored === undefined && state?.commit !== undefined) return 'removed'
  // The store is looked at now and then, and a process tells its last commit as it ends.
  const phase = state?.commit?.phase ?? stored?.phase ?? state?.lifecycle ?? 'stopped'
  if (!['running', 'resuming', 'checkpointing'].includes(phase)) return phase
  return isOwned ? 'unrecorded' : 'interrupted'
}

/** Whether the store has a newer checkpoint than was recorded: each owner of a store has a greater epoch than the one before. */
export function isNewer(stored: StoredService, { commit, revivedFrom = 0 }: ServiceState): boolean {
  if (commit === undefined) return stored.checkpoint > revivedFrom
  return stored.epoch === commit.epoch ? stored.checkpoint > commit.checkpoint : stored.epoch > commit.epoch
}

/** How a service stands as the store has it, where nothing was recorded of that: what a summary of a checkpoint does not say is left out. */
export function asStored(recorded: ServiceState, stored: StoredService): ServiceState {
  const { definition, version, phase, checkpoint, value } = stored
  const { chart, lifecycleChart, actors } = recorded
  const root = actors.find(({ actor }) => actor.length === 0)
  return {
    definition,
    version,
    chart,
    lifecycleChart,
    lifecycle: phase,
    revivedFrom: checkpoint,
    holds: [],
    actors: root === undefined || value === undefined ? [] : [{ ...root, snapshot: { value } }],
    timers: [],
    inbox: [],
    outbox: [],
  }
}

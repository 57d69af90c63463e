import { signal } from '@preact/signals'
import type {
  HistoryMessage,
  StoredCheckpointShown,
  StoredService,
} from '../../../src/inspect/stream/message.js'
import type { ServiceState } from '../../../src/inspect/stream/state.js'
import { outlivesProcess } from '../../../src/service/interruptions.js'
import { Moments } from './moments.js'
import { fieldOf, valueText } from './values.js'

/** Digits of a number in a key: a time in ms has 13. */
const LONGEST_NUMBER = 16

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
  /** When it was removed last, as far as that was recorded. */
  removedAtMs: number | undefined
  /** The newest commit that was recorded, in whichever life. */
  committed: ServiceState['commit']
  /** The state of the kill to come that was asked for last, none where it was taken back, and when that was. */
  armed: { readonly state: string | undefined; readonly atMs: number } | undefined
  /** When its lifecycle changed last, as far as that is known. */
  changedAtMs = 0

  /** By which it stands in the list, numbers as numbers: made once, since to compare texts as people do would take ten thousand services long. */
  readonly sortKey: string

  constructor(readonly key: string) {
    this.sortKey = key.toLowerCase().replaceAll(/\d+/g, (number) => number.padStart(LONGEST_NUMBER, '0'))
  }

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
  /** When it was committed last, or of one that was removed, when that was. */
  readonly committedAtMs: number | undefined
  readonly live: boolean
}

/**
 * What the store says: `known`, and what it does not hold of it, it does not hold at all; nothing, since not all has come, it cannot be read, or a
 * trace ends that does not tell of it (`untold`); or what is no more so, since the store is older than what was recorded.
 */
export type StoreWord = 'known' | 'unknown' | 'unreadable' | 'untold' | 'older'

/** How a service stands beside what was recorded of it. */
export interface Standing {
  /** A process tells of it. */
  readonly live: boolean
  readonly word: StoreWord
  /** The store has a checkpoint of it that is newer than all that was recorded. */
  readonly isOutdated: boolean
  readonly owned: Owned
}

/**
 * Whether a process that tells nothing of a service has it: one has the store and has committed it, or has the store and does not say what it
 * has; or none has it, as far as that is known.
 */
export type Owned = 'yes' | 'perhaps' | 'no'

/** Whether timers go on in a state of the lifecycle, whatever their policy is: in any other, only their deadlines come nearer. */
export function areGoing(lifecycle = ''): boolean {
  return ['running', 'resuming', 'checkpointing', 'asleep', 'unrecorded'].includes(lifecycle)
}

/** Whether a service does nothing by itself in a state of the lifecycle, however long somebody waits: it was removed, or waits for a retry. */
export function isOver(lifecycle = ''): boolean {
  return lifecycle === 'failed' || lifecycle === 'removed'
}

export function summaryOf(service: Service, standing: Standing): Summary {
  const { key, stored } = service
  const { live } = standing
  // Of an older life nothing is true any more.
  const state = standing.isOutdated ? undefined : service.state
  const machine = state?.actors.find(({ actor }) => actor.length === 0)
  const running = state?.asleep === true ? 'asleep' : (state?.lifecycle ?? 'resuming')
  // What was saved ends there, and nothing says that it ended for the service.
  const isAsTold = live || standing.word === 'untold'
  const lifecycle = isAsTold && state !== undefined ? running : restOf(state, stored, standing)
  return {
    key,
    definition: state?.definition ?? stored?.definition ?? '',
    lifecycle,
    machine: valueText(fieldOf(machine?.snapshot, 'value') ?? stored?.value),
    holds:
      state === undefined
        ? (stored?.holds ?? [])
        : [
            ...new Set(
              state.holds
                // What a platform or a closing supervisor holds ends with the process.
                .filter(({ hold, by }) => isAsTold || (by === 'program' && outlivesProcess(hold)))
                .map(({ hold }) => hold),
            ),
          ],
    nextDueAtMs: isOver(lifecycle) ? undefined : nextDue(state, stored, lifecycle),
    committedAtMs:
      (lifecycle === 'removed' ? service.removedAtMs : undefined) ?? lastCommitMs(service, standing),
    live,
  }
}

/** A life that recorded nothing may have committed it since its newest recorded commit, whoever has it now. */
function lastCommitMs({ committedAtMs, stored }: Service, { isOutdated }: Standing): number | undefined {
  if (stored === undefined) return committedAtMs
  return isOutdated ? stored.savedAtMs : Math.max(committedAtMs ?? 0, stored.savedAtMs)
}

function nextDue(
  state: ServiceState | undefined,
  stored: StoredService | undefined,
  lifecycle: string,
): number | undefined {
  // The store is looked at now and then: beside a state that is known, its timers are those of another moment.
  if (state === undefined) return nextStored(stored, lifecycle)
  const due = state.timers
    .filter(({ policy }) => policy === 'deadline' || areGoing(lifecycle))
    .map(({ dueAtMs }) => dueAtMs)
  return due.length > 0 ? Math.min(...due) : undefined
}

/** When its next timer is due as its checkpoint tells; of one that cannot be read, its summary alone says it, of any policy. */
function nextStored(stored: StoredService | undefined, lifecycle: string): number | undefined {
  return areGoing(lifecycle) || stored?.damage !== undefined ? stored?.wakeAtMs : stored?.deadlineAtMs
}

/** In no process: one that was not brought to rest was interrupted, and the next start goes on from there. */
function restOf(
  state: ServiceState | undefined,
  stored: StoredService | undefined,
  { word, owned }: Standing,
): string {
  // What was recorded last need not be what is stored.
  if (word === 'unreadable') return 'unreadable'
  if (word === 'older' && state?.lifecycle !== 'removed') return 'older'
  if (stored?.damage !== undefined) return 'damaged'
  // A guest has no commits, and its services are in no store.
  if (word === 'known' && stored === undefined && state?.commit !== undefined) return 'removed'
  // The store is looked at now and then, and a process tells its last commit as it ends.
  const phase = state?.commit?.phase ?? stored?.phase ?? state?.lifecycle ?? 'stopped'
  if (!['running', 'resuming', 'checkpointing'].includes(phase)) return phase
  return { yes: 'unrecorded', perhaps: 'unsure', no: 'interrupted' }[owned]
}

/**
 * Whether the store has a newer checkpoint than was recorded: each owner of a store has a greater epoch than the one before. In one that was
 * restored from a copy, or begun anew, epochs come again: there it is newer that was saved since.
 */
export function isNewer(stored: StoredService, service: Service): boolean {
  const { checkpoint, epoch } = newestTold(service)
  if (epoch === undefined) return stored.checkpoint > checkpoint
  const { committedAtMs } = service
  if (committedAtMs !== undefined && stored.savedAtMs > committedAtMs) return true
  return stored.epoch === epoch ? stored.checkpoint > checkpoint : stored.epoch > epoch
}

/** Whether it is the newest checkpoint that its recording tells of. */
export function isNewestTold(stored: StoredService | undefined, service: Service): boolean {
  const { checkpoint, epoch = stored?.epoch } = newestTold(service)
  return stored?.epoch === epoch && stored?.checkpoint === checkpoint
}

/** 0 is none. A life that has committed nothing tells which one it goes on from, and one that could not be revived not even that. */
export function newestTold({ state, committed }: Service): {
  readonly checkpoint: number
  readonly epoch?: number
} {
  const { commit, revivedFrom } = state ?? {}
  // Its numbers begin anew where the newest ones were set aside, or the store is another one.
  if (commit === undefined && revivedFrom !== undefined && revivedFrom !== committed?.checkpoint)
    return { checkpoint: revivedFrom }
  return commit ?? committed ?? { checkpoint: 0 }
}

/** The newest checkpoint of a service that was not recorded, with how the service stands there as soon as that has come. */
export function newestOf(service: Service): StoredCheckpointShown | undefined {
  const { stored, history, state } = service
  const told = history?.checkpoints[0]
  if (told?.state === undefined || told.definition !== stored?.definition) return stored
  const isStored = told.epoch === stored.epoch && told.checkpoint === stored.checkpoint
  return isStored || state === undefined || isNewer(told, service) ? told : stored
}

/**
 * How a service stands as its checkpoint has it, drawn as one `like` it is whose charts are known. What a summary of a checkpoint does not
 * say is left out.
 */
export function asStored(stored: StoredCheckpointShown, like: ServiceState | undefined): ServiceState {
  const { definition, version, phase, checkpoint, value, holds = [], state } = stored
  const { chart = '', lifecycleChart = '', actors = [] } = like ?? {}
  const drawn = { chart, lifecycleChart }
  if (state !== undefined) {
    const chartOf = (logic: string) => actors.find((actor) => actor.logic === logic)?.chart
    return {
      ...state,
      ...drawn,
      actors: state.actors.map((actor) => ({ ...actor, ...named(chartOf(actor.logic)) })),
    }
  }
  return {
    ...drawn,
    definition,
    version,
    lifecycle: phase,
    revivedFrom: checkpoint,
    holds: holds.map((hold) => ({ hold, by: 'program', asker: 'unrecorded' })),
    actors: value === undefined ? [] : [{ actor: [], logic: '', snapshot: { value } }],
    timers: [],
    inbox: [],
    outbox: [],
  }
}

function named(chart: string | undefined): { readonly chart?: string } {
  return chart === undefined ? {} : { chart }
}

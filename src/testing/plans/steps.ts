import type { EventObject } from 'xstate'
import { isOf } from '../is-of.js'
import { type Resumption, resumptionAfter } from './resumption.js'

/** Where around a commit or an effect the process is killed. */
export type CrashPoint = 'before-commit' | 'after-commit' | 'before-effect' | 'during-effect' | 'after-effect'

/** What the author's world does: both the interrupted service and its twin take it. */
export type AuthorStep<TEvent extends EventObject = EventObject> =
  | { readonly do: 'send'; readonly event: TEvent }
  | { readonly do: 'advance'; readonly ms: number }
  /** Somebody retries it, where it has failed. */
  | { readonly do: 'retry' }

/** What interrupts; the twin takes only the events, the jumps of the clock and the new version in it. */
export type InterruptionStep =
  /** Held and released. */
  | { readonly do: 'pause' }
  /** Two holds that overlap. */
  | { readonly do: 'overlap' }
  /** An event comes while it is held, and waits in the inbox. */
  | { readonly do: 'pauseAndSend'; readonly event: EventObject }
  /** The process is killed, and another goes on. */
  | { readonly do: 'kill' }
  /** Stopped in order, and started again. */
  | { readonly do: 'stop' }
  /** Let go from memory, and needed again. */
  | { readonly do: 'sleep' }
  /** A checkpoint is asked for. */
  | { readonly do: 'checkpoint' }
  /** The process is killed at a commit or an effect; who sent an event sends it again under the same key. */
  | { readonly do: 'crash'; readonly at: CrashPoint; readonly event: EventObject }
  /** The store refuses a commit; the service fails, is retried, and an event is sent again. */
  | { readonly do: 'storeFails'; readonly event: EventObject }
  /** Likewise, since the disk is full. */
  | { readonly do: 'storeFull'; readonly event: EventObject }
  /** The power goes while a commit is written: half of it is there, and the service goes on from the one before. */
  | { readonly do: 'storeTears'; readonly event: EventObject }
  /** A commit takes long, and a hold comes meanwhile. */
  | { readonly do: 'storeSlow'; readonly event: EventObject }
  /** Another process takes the store; who had it gets the event, or what falls due, and must write nothing. */
  | { readonly do: 'secondOwner'; readonly event: EventObject }
  /** The same where no event is on its way: time passes, and what falls due in it is interrupted. */
  | { readonly do: 'crash'; readonly at: CrashPoint; readonly ms: number }
  | { readonly do: Exclude<DueKind, 'crash'>; readonly ms: number }
  /** Held while the clock jumps. */
  | { readonly do: 'frozen'; readonly ms: number }
  /** Time passes, and the clock shows the same: timers that the platform fires are not due. */
  | { readonly do: 'clockStands'; readonly ms: number }
  /** The clock is set back between two processes. */
  | { readonly do: 'clockBack'; readonly ms: number }
  /** The process is killed, and the next one runs the present version; a plan with it begins with the earlier one. */
  | { readonly do: 'upgrade' }

/** One step of a plan, as plain data. */
export type Step = AuthorStep | InterruptionStep

/** The kinds of interruptions that are tried. */
export type InterruptionKind = InterruptionStep['do']

/** Kinds that come between two events. */
export type RestKind = 'pause' | 'overlap' | 'kill' | 'stop' | 'sleep' | 'checkpoint' | 'upgrade'

/** What interrupts while an event is on its way. */
export type EventStep = Extract<InterruptionStep, { readonly event: EventObject }>

/** Kinds that come while an event is on its way. */
export type EventKind = EventStep['do']

/** Kinds that come while an event is on its way, and while something falls due without any. */
export type DueKind = 'crash' | 'storeFails' | 'storeFull' | 'storeTears' | 'storeSlow' | 'secondOwner'

/** What interrupts while something falls due. */
export type DueStep = Extract<InterruptionStep, { readonly do: DueKind; readonly ms: number }>

/** Kinds in which time does what it should not. */
type TimeKind = 'frozen' | 'clockStands' | 'clockBack'

export const REST_KINDS: readonly RestKind[] = [
  'pause',
  'overlap',
  'kill',
  'stop',
  'sleep',
  'checkpoint',
  'upgrade',
]

export const DUE_KINDS: readonly DueKind[] = [
  'crash',
  'storeFails',
  'storeFull',
  'storeTears',
  'storeSlow',
  'secondOwner',
]

export const EVENT_KINDS: readonly EventKind[] = ['pauseAndSend', ...DUE_KINDS]

export const TIME_KINDS: readonly TimeKind[] = ['frozen', 'clockStands', 'clockBack']

/** All kinds. */
export const INTERRUPTION_KINDS: readonly InterruptionKind[] = [...REST_KINDS, ...EVENT_KINDS, ...TIME_KINDS]

export const CRASH_POINTS: readonly CrashPoint[] = [
  'before-commit',
  'after-commit',
  'before-effect',
  'during-effect',
  'after-effect',
]

/** Whether the step interrupts. */
export function isInterruption(step: Step): step is InterruptionStep {
  return step.do !== 'send' && step.do !== 'advance' && step.do !== 'retry'
}

/** Whether the step interrupts what falls due in the time that passes in it. */
export function isDueStep(step: Step): step is DueStep {
  return 'ms' in step && isOf(DUE_KINDS, step.do)
}

/** What the twin does, and what it is told of the interruption where its definition asks for that. */
export type TwinStep = TwinDoes & { readonly resumed?: Resumption }

type TwinDoes =
  | (AuthorStep & {
      /** With timers that begin again before. */
      readonly renewed?: true
    })
  | { readonly do: 'jump' | 'setBack'; readonly ms: number }
  | { readonly do: 'upgrade' }
  | { readonly do: 'renew' }
  | { readonly do: 'rest' }

/** Kinds after which the service goes on in the same life. */
const SAME_LIFE: readonly Step['do'][] = ['send', 'advance', 'sleep', 'checkpoint', 'clockStands']

/**
 * What the twin, which nothing interrupts, does in the place of a step.
 * @param renews it has timers that begin again with every life: they do so where the other begins one
 * @param resumes it asks to be told what has interrupted it
 */
export function twinStep(step: Step, renews = false, resumes = false): TwinStep | undefined {
  const does = twinDoes(step, renews)
  const resumed = resumes ? resumptionAfter(step) : undefined
  return resumed === undefined ? does : { ...(does ?? { do: 'rest' }), resumed }
}

function twinDoes(step: Step, renews: boolean): TwinDoes | undefined {
  if (step.do === 'advance' || step.do === 'retry' || step.do === 'upgrade') return step
  if (step.do === 'frozen') return { do: 'jump', ms: step.ms }
  if (step.do === 'clockBack') return { do: 'setBack', ms: step.ms }
  // It begins no life where timers begin again with each: see `duringTime`.
  if (isDueStep(step)) return { do: 'advance', ms: step.ms }
  const renewed = renews && !SAME_LIFE.includes(step.do)
  if ('event' in step) return { do: 'send', event: step.event, ...(renewed && { renewed }) }
  return renewed ? { do: 'renew' } : undefined
}

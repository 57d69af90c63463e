import type { EventObject } from 'xstate'

/** Where around a commit or an effect the process is killed. */
export type CrashPoint = 'before-commit' | 'after-commit' | 'during-effect'

/** What the author's world does: both the interrupted service and its twin take it. */
export type AuthorStep =
  | { readonly do: 'send'; readonly event: EventObject }
  | { readonly do: 'advance'; readonly ms: number }

/** What interrupts; the twin takes only the events and the jumps in it. */
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
  /** The process is killed while an event is on its way; who sent it sends it again under the same key. */
  | { readonly do: 'crash'; readonly at: CrashPoint; readonly event: EventObject }
  /** The store refuses a commit; the service fails, is retried, and the event is sent again. */
  | { readonly do: 'storeFails'; readonly event: EventObject }
  /** Held while the clock jumps. */
  | { readonly do: 'frozen'; readonly ms: number }

/** One step of a plan, as plain data. */
export type Step = AuthorStep | InterruptionStep

/** The kinds of interruptions that are tried. */
export type InterruptionKind = InterruptionStep['do']

/** All kinds. */
export const INTERRUPTION_KINDS: readonly InterruptionKind[] = [
  'pause',
  'overlap',
  'pauseAndSend',
  'kill',
  'stop',
  'sleep',
  'checkpoint',
  'crash',
  'storeFails',
  'frozen',
]

/** A step in words. */
export function stepInWords(step: Step): string {
  const event = 'event' in step ? JSON.stringify(step.event) : ''
  switch (step.do) {
    case 'send':
      return `send ${event}`
    case 'advance':
      return `${step.ms} ms pass`
    case 'pause':
      return 'a hold is set, and released'
    case 'overlap':
      return 'two holds are set, and released one after the other'
    case 'pauseAndSend':
      return `while it is held, send ${event}`
    case 'kill':
      return 'kill -9, and a new process'
    case 'stop':
      return 'stop, and start again'
    case 'sleep':
      return 'let go from memory, and woken'
    case 'checkpoint':
      return 'a checkpoint is asked for'
    case 'crash':
      return `send ${event}, kill -9 ${step.at.replace('-', ' the ')}, a new process, send it again under the same key`
    case 'storeFails':
      return `send ${event}, whose commit the store refuses; retry, and send it again under the same key`
    case 'frozen':
      return `while it is held, ${step.ms} ms pass`
  }
}

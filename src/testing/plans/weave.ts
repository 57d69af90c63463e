import { isOf } from '../is-of.js'
import { around } from './around.js'
import {
  type CrashPoint,
  EVENT_KINDS,
  type EventKind,
  type InterruptionKind,
  type RestKind,
  type Step,
} from './steps.js'

/** An interruption and where it comes. */
export interface Cut {
  /** Before which step of the author's, or while which event is on its way or which time passes; counted round. */
  readonly place: number
  readonly kind: RestKind | EventKind
  /** For crashes. */
  readonly at: CrashPoint
}

/**
 * The author's steps with the interruptions between and around them.
 * @param dues the indexes of the steps in which time passes and something falls due
 */
export function weave(
  author: readonly Step[],
  cuts: readonly Cut[],
  dues: ReadonlySet<number> = new Set(),
): readonly Step[] {
  const before = new Map<number, Step[]>()
  const surrounded = new Map<number, Step>()
  const takes = (kind: EventKind) => {
    const due = kind !== 'pauseAndSend'
    return [...author.keys()].filter((index) => author[index]?.do === 'send' || (due && dues.has(index)))
  }
  for (const { kind, at, place } of cuts) {
    if (isOf(EVENT_KINDS, kind)) {
      const among = takes(kind)
      const index = among[place % among.length] ?? 0
      const step = author[index]
      if ((step?.do !== 'send' && step?.do !== 'advance') || surrounded.has(index)) continue
      const interrupted = around(kind, at, step)
      if (interrupted !== undefined) surrounded.set(index, interrupted)
    } else {
      const index = place % (author.length + 1)
      before.set(index, [...(before.get(index) ?? []), { do: kind }])
    }
  }
  const woven = author.flatMap((step, index) => [...(before.get(index) ?? []), surrounded.get(index) ?? step])
  return [...woven, ...(before.get(author.length) ?? [])]
}

/** Kinds between two events after which a new process goes on. */
const NEW_PROCESS: readonly RestKind[] = ['kill', 'stop']

/**
 * The first interruption, and a new process after a few of so many steps: of few plans each must show what one shows alone.
 * @param number of the plan: the first comes late, the next a step earlier, and so on
 */
export function withNewProcess(
  cuts: readonly Cut[],
  kinds: readonly InterruptionKind[],
  steps: number,
  number: number,
): readonly Cut[] {
  const kind = NEW_PROCESS.find((one) => kinds.includes(one))
  if (kind === undefined) return cuts.slice(0, 1)
  const place = Math.max(1, steps - 1 - (number % Math.max(1, steps >> 1)))
  return [{ place, kind, at: 'before-commit' }, ...cuts.slice(0, 1)]
}

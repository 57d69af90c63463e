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
  /** Before which step of the author's, or while which event is on its way; counted round. */
  readonly place: number
  readonly kind: RestKind | EventKind
  /** For crashes. */
  readonly at: CrashPoint
}

const isEventKind = (kind: string): kind is EventKind => (EVENT_KINDS as readonly string[]).includes(kind)

/** The author's steps with the interruptions between and around them. */
export function weave(author: readonly Step[], cuts: readonly Cut[]): readonly Step[] {
  const before = new Map<number, Step[]>()
  const around = new Map<number, Cut & { readonly kind: EventKind }>()
  const sends = [...author.keys()].filter((index) => author[index]?.do === 'send')
  for (const cut of cuts) {
    if (isEventKind(cut.kind)) {
      const index = sends[cut.place % sends.length]
      if (index !== undefined && !around.has(index)) around.set(index, { ...cut, kind: cut.kind })
    } else {
      const index = cut.place % (author.length + 1)
      before.set(index, [...(before.get(index) ?? []), { do: cut.kind }])
    }
  }
  const woven = author.flatMap((step, index) => [
    ...(before.get(index) ?? []),
    step.do === 'send' ? wrapped(step.event, around.get(index)) : step,
  ])
  return [...woven, ...(before.get(author.length) ?? [])]
}

function wrapped(
  event: Extract<Step, { readonly do: 'send' }>['event'],
  cut: { readonly kind: EventKind; readonly at: CrashPoint } | undefined,
): Step {
  if (cut === undefined) return { do: 'send', event }
  return cut.kind === 'crash' ? { do: 'crash', at: cut.at, event } : { do: cut.kind, event }
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

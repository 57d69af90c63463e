import type { Outcome } from '../plans/difference.js'
import { kindOfPoint } from '../plans/points.js'
import { type InterruptionKind, isDueStep, isInterruption, type Step } from '../plans/steps.js'
import type { Plan } from '../plans/token.js'

/** What comes next where time passes. */
const TIME = 'time'

/** A state in which the service was, an interruption there, and what came next. */
export interface Cell {
  readonly state: string
  readonly kind: InterruptionKind
  /** The type of an event, or `time`. */
  readonly next: string
  /** How often it was interrupted so. */
  readonly count: number
  /** It was tried, and could not be interrupted so: what works cannot sleep. */
  readonly cannot: boolean
}

/** What a matrix has counted, as data that another thread can be given. */
export interface MatrixCounts {
  /** By state, kind and next. */
  readonly counts: ReadonlyMap<string, number>
  readonly cannot: ReadonlySet<string>
  readonly states: ReadonlyMap<string, boolean>
  readonly reached: ReadonlySet<string>
  readonly events: ReadonlySet<string>
}

/** State × kind of interruption × next event: how often each was tried. */
export class Matrix {
  /** Counts by state, kind and next. */
  readonly #counts = new Map<string, number>()
  readonly #cannot = new Set<string>()
  /** States in which something could come, with whether a timer was waited for. */
  readonly #states = new Map<string, boolean>()
  readonly #reached = new Set<string>()

  /** Types of the events that are sent. */
  readonly #events: Set<string>

  constructor(
    readonly kinds: readonly InterruptionKind[],
    events: Iterable<string>,
  ) {
    this.#events = new Set(events)
  }

  /** Takes in what a plan has tried, as far as it went. */
  record({ steps, point }: Plan, { twin, took, pointAt }: Outcome): void {
    // What comes before belongs to the earlier version.
    const from = steps.findIndex((step) => step.do === 'upgrade') + 1
    for (const [index, state] of twin.entries()) {
      if (index < from) continue
      if (index > took.length) break
      for (const id of state.active) this.#reached.add(id)
      if (state.lives) this.#meet(state.state, state.nextMs !== undefined)
    }
    for (const [index, interrupted] of took.entries()) {
      const step = steps[index]
      if (index < from) continue
      if (step !== undefined && 'event' in step) this.#events.add(step.event.type)
      if (step === undefined || !isInterruption(step)) continue
      this.#count(twin[index], step.do, nextOf(steps, index), interrupted)
    }
    if (point === undefined || pointAt === undefined || pointAt === 0) return
    this.#count(twin[pointAt - 1], kindOfPoint(point), nextOf(steps, pointAt - 1), true)
  }

  /** Takes in what another has counted, of plans that come after those so far. */
  add({ counts, cannot, states, reached, events }: MatrixCounts): void {
    for (const [name, times] of counts) this.#counts.set(name, (this.#counts.get(name) ?? 0) + times)
    for (const name of cannot) this.#cannot.add(name)
    for (const [state, timed] of states) this.#meet(state, timed)
    for (const id of reached) this.#reached.add(id)
    for (const type of events) this.#events.add(type)
  }

  get counts(): MatrixCounts {
    return {
      counts: this.#counts,
      cannot: this.#cannot,
      states: this.#states,
      reached: this.#reached,
      events: this.#events,
    }
  }

  /** The states that were seen and take events, in words. */
  get states(): readonly string[] {
    return [...this.#states.keys()]
  }

  /** Ids of the atomic states that were active at some time. */
  get reached(): ReadonlySet<string> {
    return this.#reached
  }

  /** Every cell that can be, row by row. */
  cells(): readonly Cell[] {
    return this.states.flatMap((state) =>
      this.kinds.flatMap((kind) =>
        this.nextsOf(state, kind).map((next) => {
          const name = nameOf(state, kind, next)
          const count = this.#counts.get(name) ?? 0
          return { state, kind, next, count, cannot: count === 0 && this.#cannot.has(name) }
        }),
      ),
    )
  }

  /** Cells that were not tried. */
  empty(): readonly Cell[] {
    return this.cells().filter(({ count, cannot }) => count === 0 && !cannot)
  }

  /** What can come after an interruption of that kind in that state. */
  nextsOf(state: string, kind: InterruptionKind): readonly string[] {
    // A new version comes once, wherever that is.
    if (kind === 'upgrade') return []
    // Held while time passes is a kind of its own: `frozen`.
    const timed = this.#states.get(state) === true && kind !== 'pauseAndSend'
    return timed ? [...this.#events, TIME] : [...this.#events]
  }

  #meet(state: string, timed: boolean): void {
    this.#states.set(state, timed || this.#states.get(state) === true)
  }

  #count(
    twin: { readonly state: string; readonly lives: boolean } | undefined,
    kind: InterruptionKind,
    next: string | undefined,
    interrupted: boolean,
  ): void {
    if (twin === undefined || next === undefined || !twin.lives) return
    const name = nameOf(twin.state, kind, next)
    if (interrupted) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
    else this.#cannot.add(name)
  }
}

const nameOf = (state: string, kind: string, next: string) => JSON.stringify([state, kind, next])

/** What the author's world does in that step or after it. */
function nextOf(steps: readonly Step[], index: number): string | undefined {
  const [step, ...later] = steps.slice(index)
  if (step === undefined) return undefined
  if ('event' in step) return step.event.type
  if (step.do === 'advance' || isDueStep(step)) return TIME
  for (const one of later) {
    if ('event' in one) return one.event.type
    if ('ms' in one) return TIME
  }
  return undefined
}

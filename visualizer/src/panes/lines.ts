import { counted, delayText } from '../chart/words.js'
import type { Moment, Moments } from '../store/moments.js'
import { errorText } from './error-text.js'
import { lineText } from './line-text.js'
import type { StepLine } from './step-lines.js'

/** Kinds of moments, as a person filters them. */
export const KINDS = ['lifecycle', 'event', 'step', 'effect', 'commit', 'timer', 'actor'] as const
export type Kind = (typeof KINDS)[number]

/** One line of the timeline. */
export type TimelineLine = { readonly type: 'moment'; readonly index: number } | Pause | StepLine

/** So long between two lines, or after the last, in which nothing happened, or so much that the filter hides. */
export interface Pause {
  readonly type: 'pause'
  readonly ms: number
  readonly hidden: number
}

/** A time between two lines from which on it is told, in ms. */
const PAUSE_MS = 1000

const NO_STEPS: readonly StepLine[] = []

/** The lines of a history under a filter, made on as moments come. */
export class Lines {
  readonly list: TimelineLine[] = []
  #done = 0
  /** Of the steps, those that are told. */
  #told = 0
  #lastMs: number | undefined
  /** Moments since the last line that the filter hides, and when the first and the last of them were. */
  #hidden = 0
  #hiddenFromMs: number | undefined
  #hiddenMs: number | undefined

  constructor(
    private readonly moments: Moments,
    private readonly dropped: number,
    private readonly hidden: ReadonlySet<Kind>,
    private readonly text: string,
    private readonly steps: readonly StepLine[] = NO_STEPS,
  ) {}

  /** Whether these lines are of this history under this filter, as far as it goes. */
  isOf(moments: Moments, hidden: ReadonlySet<Kind>, text: string, steps = NO_STEPS): boolean {
    return (
      moments === this.moments &&
      moments.dropped === this.dropped &&
      hidden === this.hidden &&
      text === this.text &&
      steps === this.steps
    )
  }

  goOn(): void {
    for (; this.#done < this.moments.length; this.#done++) {
      this.#tellSteps()
      const moment = this.moments.at(this.#done)
      if (moment === undefined) continue
      const ms = moment.type === 'entry' ? moment.entry.atMs : undefined
      if (!this.#isShown(moment)) {
        if (this.#hidden++ === 0) this.#hiddenFromMs = ms
        this.#hiddenMs = ms ?? this.#hiddenMs
        continue
      }
      if (ms !== undefined) {
        const isAtBeginning = this.#lastMs === undefined
        const pauseMs = ms - (this.#lastMs ?? this.#hiddenFromMs ?? ms)
        // What is hidden at the beginning is told however short it took: nothing else stands there.
        if (pauseMs >= PAUSE_MS || (isAtBeginning && this.#hidden > 0))
          this.list.push({ type: 'pause', ms: pauseMs, hidden: this.#hidden })
        this.#lastMs = ms
        this.#hidden = 0
      }
      this.list.push({ type: 'moment', index: this.#done })
    }
    // The last one may have been kept from all that would have come of it.
    this.#tellSteps()
  }

  /** Those that begin with the next moment. */
  #tellSteps(): void {
    for (; (this.steps[this.#told]?.from ?? Number.POSITIVE_INFINITY) <= this.#done; this.#told++) {
      const step = this.steps[this.#told]
      if (step?.told.toLowerCase().includes(this.text) === true) this.list.push(step)
    }
  }

  /** What the filter hides after the last line. */
  get tail(): Pause | undefined {
    if (this.#hidden === 0) return undefined
    const ms = Math.max(0, (this.#hiddenMs ?? 0) - (this.#lastMs ?? this.#hiddenMs ?? 0))
    return { type: 'pause', ms, hidden: this.#hidden }
  }

  #isShown(moment: Moment): boolean {
    if (this.hidden.has(kindOf(moment))) return false
    if (this.text === '') return true
    return `${lineText(moment, this.moments)} ${errorText(moment)}`.toLowerCase().includes(this.text)
  }
}

/** What lies between two lines. */
export function pauseText({ ms, hidden }: Pause): string {
  if (hidden === 0) return `nothing for ${delayText(ms)}`
  return `${counted(hidden, 'moment')} hidden${ms === 0 ? '' : `, over ${delayText(ms)}`}`
}

export function kindOf(moment: Moment): Kind {
  if (moment.type !== 'entry') return 'lifecycle'
  switch (moment.entry.kind) {
    case 'event':
    case 'inbox':
      return 'event'
    case 'step':
      return 'step'
    case 'effect':
      return 'effect'
    case 'commit':
      return 'commit'
    case 'timer':
      return 'timer'
    case 'actor':
    case 'ended':
      return 'actor'
    default:
      return 'lifecycle'
  }
}

import { counted, delayText } from '../chart/words.js'
import { holeAt, holeText } from '../store/holes.js'
import type { Moment, Moments } from '../store/moments.js'
import { errorText } from './error-text.js'
import { lineText } from './line-text.js'
import { knownBefore } from './lives.js'
import type { StepLine } from './step-lines.js'

/** Kinds of moments, as a person filters them. */
export const KINDS = ['lifecycle', 'event', 'step', 'effect', 'commit', 'timer', 'actor'] as const
export type Kind = (typeof KINDS)[number]

/** One line of the timeline. */
export type TimelineLine = { readonly type: 'moment'; readonly index: number } | Pause | StepLine

/** So long between two lines, or after the last, in which nothing happened, or so much that the filter hides, or what was not recorded. */
export interface Pause {
  readonly type: 'pause'
  readonly ms: number
  readonly hidden: number
  /** The moment in which a life goes on, before which checkpoints were committed that were not recorded. */
  readonly unrecorded?: number
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
  /** Where the lines begin of the life that comes, as soon as there are any. */
  #life: number | undefined
  /** Of the moments that are hidden, the one before which something was not recorded. */
  #unrecorded: number | undefined

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
      this.#tellLife(moment)
      if (!this.#isShown(moment)) {
        if (this.#hidden++ === 0) this.#hiddenFromMs = ms
        this.#hiddenMs = ms ?? this.#hiddenMs
        continue
      }
      if (ms !== undefined) {
        const isAtBeginning = this.#lastMs === undefined
        const pauseMs = ms - (this.#lastMs ?? this.#hiddenFromMs ?? ms)
        // What is hidden at the beginning is told however short it took: nothing else stands there.
        const isTold = pauseMs >= PAUSE_MS || (isAtBeginning && this.#hidden > 0)
        if (isTold || this.#unrecorded !== undefined) this.list.push(this.#pause(pauseMs))
        this.#lastMs = ms
        this.#hidden = 0
        this.#unrecorded = undefined
      }
      this.list.push({ type: 'moment', index: this.#done })
    }
    // The last one may have been kept from all that would have come of it.
    this.#tellSteps()
  }

  /** What was not recorded before a life stands before its first line, though a later moment tells of it. */
  #tellLife(moment: Moment): void {
    if (moment.type !== 'entry') return
    if (moment.entry.kind === 'service') this.#life = this.list.length
    if (holeAt(this.moments, this.#done, knownBefore(this.moments, moment)) === undefined) return
    const at = this.#life ?? this.list.length
    const first = this.list[at]
    if (first === undefined) this.#unrecorded = this.#done
    else if (first.type === 'pause') this.list[at] = { ...first, unrecorded: this.#done }
    else this.list.splice(at, 0, { type: 'pause', ms: 0, hidden: 0, unrecorded: this.#done })
  }

  #pause(ms: number): Pause {
    const what = this.#unrecorded === undefined ? {} : { unrecorded: this.#unrecorded }
    return { type: 'pause', ms, hidden: this.#hidden, ...what }
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
    return this.#pause(ms)
  }

  #isShown(moment: Moment): boolean {
    if (this.hidden.has(kindOf(moment))) return false
    if (this.text === '') return true
    return `${lineText(moment, this.moments)} ${errorText(moment)}`.toLowerCase().includes(this.text)
  }
}

/** What lies between two lines. */
export function pauseText({ ms, hidden, unrecorded }: Pause, moments: Moments): string {
  const moment = unrecorded === undefined ? undefined : moments.at(unrecorded)
  const hole = moment && holeAt(moments, unrecorded ?? 0, knownBefore(moments, moment))
  const over = ms === 0 ? '' : `, over ${delayText(ms)}`
  const hiddenText = hidden === 0 ? '' : `${counted(hidden, 'moment')} hidden`
  if (hole !== undefined) return `${[holeText(hole), hiddenText].filter(Boolean).join(', ')}${over}`
  return hidden === 0 ? `nothing for ${delayText(ms)}` : `${hiddenText}${over}`
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

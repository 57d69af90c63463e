import type { InterruptionKind } from '../plans/steps.js'
import type { Cell, Matrix } from './matrix.js'
import { reportText } from './text.js'

/** How plans are found. */
export type VerifyMode = 'random' | 'exhaustive' | 'crashPoints'

/** What a report holds beside its matrix. */
export interface ReportFigures {
  /** The definition's id. */
  readonly service: string
  readonly version: number
  readonly mode: VerifyMode
  /** Repeats the same plans; undefined where nothing was by chance. */
  readonly seed: number | undefined
  /** How many plans were run, those of the corpus included. */
  readonly runs: number
  /** How many steps of them were compared. */
  readonly steps: number
  /** How many plans of the corpus were run. */
  readonly fromCorpus: number
  /** Whether each life of the service had a process of its own. */
  readonly isolated: boolean
  /** How often each kind of interruption happened. */
  readonly kinds: Readonly<Partial<Record<InterruptionKind, number>>>
  /** By the error: in how many plans the machine failed by itself, interrupted or not. */
  readonly failed: Readonly<Record<string, number>>
  /** States that were told apart, in exhaustive mode. */
  readonly states: number | undefined
  /** Whether the author's `key` told them apart, and where `depth` kept from going on; in exhaustive mode. */
  readonly bounds: { readonly key: boolean; readonly depth: number | undefined } | undefined
  /** Moments around commits and effects at which a process ended, in the mode of crash points. */
  readonly crashPoints: { readonly commits: number; readonly effects: number } | undefined
  /** The same of each sequence, with its steps in words and the states in which it was. */
  readonly sequences: readonly SequenceTried[] | undefined
  /** Whether timers of other policies followed the clock, as at moments around commits and effects they do. */
  readonly timersAsDeadlines: boolean
  /** Ids of the machine's states in which the service never was. */
  readonly neverReached: readonly string[]
  /** Those of them that invoke what is answered at once, so that nobody finds it there. */
  readonly answeredAtOnce: readonly string[]
  /** And those of these where that is by what runs as written, with its name. */
  readonly endsAtOnce: Readonly<Record<string, string>>
  /** Those to which only the failure of an actor leads that never failed, with its name. */
  readonly failureLeadsTo: Readonly<Record<string, string>>
  /** What was looked ahead of the plans, in random mode. */
  readonly scouted: ScoutedFigures | undefined
  /** Paths into the options of what has come to nothing: steps for which no task has asked, and effects that nothing had. */
  readonly neverMet: readonly string[]
}

/** What was looked ahead of plans by chance, without interruptions. */
export interface ScoutedFigures {
  /** How many steps the shortest known way to each state has, by its id. */
  readonly ways: Readonly<Record<string, number>>
  /** Whether in each state that was seen all was tried that the events allow. */
  readonly everywhere: boolean
  /** Most steps of a plan beside its interruptions. */
  readonly mostSteps: number
}

/** A sequence that was cut at each of its commits and effects. */
export interface SequenceTried {
  readonly steps: readonly string[]
  readonly states: readonly string[]
  readonly commits: number
  readonly effects: number
}

/** A report as JSON has it. */
export interface ReportJson extends ReportFigures {
  readonly cells: readonly Cell[]
  readonly empty: number
}

/**
 * What was verified.
 *
 * @example
 * ```ts
 * const report = await verifyInterruptions(order)
 * console.log(`${report}`)                              // the matrix as text
 * writeFileSync('report.json', JSON.stringify(report))
 * writeFileSync('report.html', reportPage(report))
 * ```
 */
export class VerifyReport {
  readonly seed: number | undefined
  readonly runs: number
  readonly steps: number
  readonly kinds: ReportFigures['kinds']

  /** @internal Made by `verifyInterruptions`. */
  constructor(
    readonly figures: ReportFigures,
    /** State × kind of interruption × next event. */
    readonly matrix: Matrix,
  ) {
    this.seed = figures.seed
    this.runs = figures.runs
    this.steps = figures.steps
    this.kinds = figures.kinds
  }

  /** Plain data: the figures, and every cell of the matrix. */
  toJSON(): ReportJson {
    return { ...this.figures, cells: this.matrix.cells(), empty: this.matrix.empty().length }
  }

  /** Figures and matrix as text, for a terminal or a log. */
  toString(): string {
    return reportText(this.toJSON())
  }
}

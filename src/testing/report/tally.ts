import type { Outcome } from '../plans/difference.js'
import { kindOfPoint } from '../plans/points.js'
import { type InterruptionKind, isInterruption } from '../plans/steps.js'
import type { Plan } from '../plans/token.js'
import type { MetName } from '../world/met.js'
import type { Matrix, MatrixCounts } from './matrix.js'

/** What was counted, as data that another thread can be given. */
export interface Counts {
  readonly plans: number
  readonly steps: number
  readonly kinds: Readonly<Partial<Record<InterruptionKind, number>>>
  readonly failed: Readonly<Record<string, number>>
  readonly matrix: MatrixCounts
  readonly met: ReadonlySet<MetName>
}

/** What is counted of the plans that are run. */
export class Tally {
  plans = 0
  steps = 0
  readonly kinds: Partial<Record<InterruptionKind, number>> = {}
  /** By the error: how many plans came to where the machine failed by itself. */
  readonly failed: Record<string, number> = {}

  /** @param met the names that are met, wherever plans are run */
  constructor(
    readonly matrix: Matrix,
    readonly met: Set<MetName>,
  ) {}

  /** Takes in what a plan has tried, as far as it went. */
  record(plan: Plan, outcome: Outcome): void {
    this.plans++
    this.steps += outcome.took.length
    for (const [index, took] of outcome.took.entries()) {
      const step = plan.steps[index]
      if (took && step !== undefined && isInterruption(step)) this.#count(step.do)
    }
    if (plan.point !== undefined && outcome.pointAt !== undefined) this.#count(kindOfPoint(plan.point))
    const failed = outcome.twin.slice(0, outcome.took.length + 1).find((state) => state.failed !== undefined)
    if (failed?.failed !== undefined) this.#countFailed(failed.failed)
    this.matrix.record(plan, outcome)
  }

  /** Takes in what was counted elsewhere, of plans that come after those so far. */
  add({ plans, steps, kinds, failed, matrix, met }: Counts): void {
    this.plans += plans
    this.steps += steps
    // Their names are those of the kinds.
    for (const [kind, times] of Object.entries(kinds)) this.#count(kind as InterruptionKind, times)
    for (const [error, times] of Object.entries(failed)) this.#countFailed(error, times)
    this.matrix.add(matrix)
    for (const name of met) this.met.add(name)
  }

  get counts(): Counts {
    const { plans, steps, kinds, failed, matrix, met } = this
    return { plans, steps, kinds, failed, matrix: matrix.counts, met }
  }

  #countFailed(error: string, times = 1): void {
    this.failed[error] = (this.failed[error] ?? 0) + times
  }

  #count(kind: InterruptionKind, times = 1): void {
    this.kinds[kind] = (this.kinds[kind] ?? 0) + times
  }
}

import { runPlan } from './plans/difference.js'
import { kindOfPoint } from './plans/points.js'
import { type InterruptionKind, isInterruption } from './plans/steps.js'
import type { Plan } from './plans/token.js'
import type { Twins } from './plans/twins.js'
import { platformTurn } from './platform-turn.js'
import type { Matrix } from './report/matrix.js'
import type { WorldOptions } from './world/world.js'

/** All plans of one verification, and what is counted of them. */
export class Run {
  plans = 0
  steps = 0
  readonly kinds: Partial<Record<InterruptionKind, number>> = {}
  /** The last plan that has shown something. */
  found: Plan | undefined

  constructor(
    readonly options: WorldOptions,
    readonly twins: Twins,
    readonly matrix: Matrix,
    private readonly onPlan?: () => void,
  ) {}

  /** Runs a plan and counts it. Whether it shows something. */
  async shows(plan: Plan): Promise<boolean> {
    this.onPlan?.()
    await platformTurn()
    const outcome = await runPlan(this.options, this.twins, plan)
    this.plans++
    this.steps += outcome.took.length
    for (const [index, took] of outcome.took.entries()) {
      const step = plan.steps[index]
      if (took && step !== undefined && isInterruption(step)) this.#count(step.do)
    }
    if (plan.point !== undefined && outcome.pointAt !== undefined) this.#count(kindOfPoint(plan.point))
    this.matrix.record(plan, outcome)
    if (outcome.difference !== undefined) this.found = plan
    return outcome.difference !== undefined
  }

  #count(kind: InterruptionKind): void {
    this.kinds[kind] = (this.kinds[kind] ?? 0) + 1
  }
}

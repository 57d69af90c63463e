import { type Outcome, runPlan } from './plans/difference.js'
import type { Plan } from './plans/token.js'
import type { Twins } from './plans/twins.js'
import { platformTurn } from './platform-turn.js'
import type { WorldOptions } from './world/world.js'

/** Which plans of a search are run here, by their numbers in the order in which the search comes to them. */
export interface Share {
  takes(plan: number): boolean
}

/** All of them. */
export const EVERY_PLAN: Share = { takes: () => true }

/** The plans of one search, one after another. */
export class Run {
  /** How many the search has come to, whether they were run here or not. */
  come = 0
  /** The last plan that has shown something. */
  found: Plan | undefined
  /** The number of the first plan that has shown something, or of which something was thrown. */
  stoppedAt: number | undefined

  constructor(
    readonly options: WorldOptions,
    readonly twins: Twins,
    private readonly record: (plan: Plan, outcome: Outcome) => void,
    private readonly onPlan?: () => void,
    private readonly share = EVERY_PLAN,
  ) {}

  /**
   * Runs a plan and counts it, where it is one of those that are run here. Whether it shows something.
   * @param given the plan, or what makes it where it is run
   */
  async shows(given: Plan | (() => Promise<Plan>)): Promise<boolean> {
    const number = this.come++
    if (!this.share.takes(number)) return false
    this.onPlan?.()
    await platformTurn()
    try {
      const plan = typeof given === 'function' ? await given() : given
      const outcome = await runPlan(this.options, this.twins, plan)
      const shown = outcome.difference !== undefined
      if (shown) {
        this.found = plan
        this.stoppedAt ??= number
      }
      this.record(plan, outcome)
      return shown
    } catch (error) {
      this.stoppedAt ??= number
      throw error
    }
  }
}

import type { ErrorFacts } from './base.js'
import { ToldInLinesError } from './told-in-lines.js'

/** What led to something without any interruption, and how it is seen again. */
export interface LedTo<TStep> {
  /** The shortest steps found. */
  readonly steps: readonly TStep[]
  /** The same in words. */
  readonly told: readonly string[]
  /** Replays the steps; undefined: nothing was run. */
  readonly token?: string | undefined
}

/** The same in the words of a message. */
export const ledBy = ({ told, token }: LedTo<unknown>) => {
  const steps = told.map((step, index) => `\n  ${index + 1}. ${step}`)
  return {
    after: steps.length === 0 ? '' : `, after:${steps.join('')}`,
    replayed: token === undefined ? '' : `\nToken: ${token}`,
  }
}

/** One that steps have led to. */
export abstract class LedToError<TStep> extends ToldInLinesError {
  /** The shortest plan found that leads there. */
  readonly steps: readonly TStep[]
  /** Replays the steps; undefined: nothing was run, or they are not known. */
  readonly token: string | undefined

  constructor(lines: string, remedy: string, { steps, token }: LedTo<TStep>, facts: ErrorFacts) {
    super(lines, remedy, facts)
    this.steps = steps
    this.token = token
  }
}

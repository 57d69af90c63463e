import { type ErrorFacts, TardigradeError } from './base.js'

/** One thing that preflight found in a machine. */
export interface Finding {
  readonly level: 'error' | 'warning'
  /** Name of the rule, such as `unnamed-actor`. */
  readonly rule: string
  /** Where in the machine, such as `states.loading.invoke[0].src`. */
  readonly path: string
  readonly problem: string
  readonly remedy: string
}

const sentence = (finding: Finding) => `\n  ${finding.path}: ${finding.problem} ${finding.remedy}`

/** The definition works, and preflight has seen in it what may not do what was meant; `findings` holds all of it. */
export class DefinitionWarningsError extends TardigradeError {
  readonly code = 'DEFINITION_WARNINGS'
  constructor(
    readonly findings: readonly Finding[],
    facts: ErrorFacts = {},
  ) {
    super(
      `The service ${facts.service} works, but:${findings.map(sentence).join('')}\n`,
      'Mend each as it says.',
      facts,
    )
  }
}

/** The definition cannot be made into a service; `findings` holds every reason, not the first alone. */
export class DefinitionError extends TardigradeError {
  readonly code = 'DEFINITION'
  constructor(
    readonly findings: readonly Finding[],
    facts: ErrorFacts = {},
  ) {
    super(
      // The id may be what is wrong.
      `The service ${facts.service || 'without an id'} cannot be defined:${findings.map(sentence).join('')}\n`,
      'Mend each as it says.',
      facts,
    )
  }
}

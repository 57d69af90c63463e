import { problemOf, type TardigradeError } from '../errors/base.js'
import { InterruptionBugError } from '../errors/testing.js'
import type { Step, VerifyReport } from '../testing/index.js'
import type { BrokenByTwin } from '../testing/plans/shortest-way.js'
import { isFew, summary } from '../testing/report/text.js'
import { factsOf, sentence } from './failure.js'
import { printable } from './format.js'
import type { Output } from './output.js'

/** What is seen again by a token. */
export type Bug = InterruptionBugError<Step> | BrokenByTwin

/** What came of one service: a report, what an interruption or the machine itself breaks, or why it could not be verified; none where a token shows nothing. */
export interface Verified {
  readonly service: string
  readonly report?: VerifyReport
  readonly bug?: Bug
  readonly error?: TardigradeError
}

/** The same as data. */
export function asData(output: Output, { service, report, bug, error }: Verified): object {
  if (error !== undefined) return { service, ok: false, error: factsOf(error, output) }
  if (bug === undefined) return { service, ok: true, ...report?.toJSON() }
  const { steps, token } = bug
  const told = 'difference' in bug ? { difference: bug.difference } : { error: factsOf(bug, output) }
  const { seed } = bug instanceof InterruptionBugError ? bug : {}
  return { service, ok: false, seed, steps, ...told, token }
}

/** The same for people, with the commands that show a bug again. */
export function inWords(
  output: Output,
  commands: (bug: Bug) => readonly string[],
  { service, report, bug, error }: Verified,
  matrix: boolean,
): string {
  const { colors } = output
  if (error !== undefined) {
    const facts = { ...factsOf(error, output), service }
    return `${colors.red('✗')} ${printable(sentence(facts), true)}`
  }
  if (bug !== undefined)
    return [`${colors.red('✗')} ${printable(problemOf(bug), true)}`, ...commands(bug)].join('\n')
  const ok = `${colors.green('✓')} ${printable(service)}:`
  if (report === undefined) return `${ok} the plan of this token shows nothing.`
  const lines = matrix ? [`${report}`] : summary(report.toJSON())
  const { empty, cells, runs, sequences } = report.toJSON()
  const asFar = isFew(report.figures) ? ` in ${runs} plans, which is little` : ''
  const tried =
    // Of sequences that were given, all is tried.
    empty === 0 || sequences !== undefined
      ? `nothing changed${asFar}.`
      : `nothing changed${asFar}, as far as it was tried: ${empty} of ${cells.length} cells are empty; more plans (--runs) reach more.`
  return `${ok} ${tried}\n${printable(lines.join('\n'), true)}`
}

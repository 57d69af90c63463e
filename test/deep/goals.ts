import { type PartReport, TOTALS } from './part.js'

/** So long a run is to reach every goal. */
export const FULL_MINUTES = 10

/** A goal that was not reached. */
export interface Missed {
  readonly part: string
  readonly what: string
  readonly reached: number
  readonly goal: number
}

/** What a run was like, as far as its end depends on it. */
export interface Ran {
  readonly minutes: number
  /** Those that were to run. */
  readonly parts: readonly string[]
  /** Whether these are all parts: what several reach together, some of them cannot be held to. */
  readonly isWhole: boolean
  readonly reports: ReadonlyMap<string, PartReport>
}

/** How a run ends. */
export interface Verdict {
  readonly exitCode: 0 | 1
  readonly missed: readonly Missed[]
  /** All that is to be said, a line each. */
  readonly lines: readonly string[]
}

/** What several parts have reached together of a total. */
export function reachedOf(total: string, reports: ReadonlyMap<string, PartReport>): number {
  return [...reports.values()]
    .flatMap(({ figures }) => figures)
    .filter(({ countsAs }) => countsAs === total)
    .reduce((sum, { reached }) => sum + reached, 0)
}

/** What is violated fails a run, however long it was; a goal that was missed, one that had the time for it. */
export function verdictOf(ran: Ran): Verdict {
  const { minutes, reports } = ran
  const violated = [...reports.values()].some(({ violations }) => violations.length > 0)
  const missed = missedOf(ran)
  const hadTime = minutes >= FULL_MINUTES
  const why = hadTime ? 'MISSED' : `Not reached in ${minutes} minutes, which ${FULL_MINUTES} are to reach`
  const lines = missed.map(
    ({ part, what, reached, goal }) => `${why}: ${part}: ${what}: ${reached} of ${goal}`,
  )
  return {
    exitCode: violated || (hadTime && missed.length > 0) ? 1 : 0,
    missed,
    lines: [...lines, violated ? 'VIOLATED.' : 'Nothing was violated.'],
  }
}

/** Parts that have tried nothing: what others reach beside them says nothing of these. */
function idleOf({ parts, reports }: Ran): readonly Missed[] {
  return parts.flatMap((part) => {
    const report = reports.get(part)
    if (report?.impossible !== undefined) return []
    const [cases] = report?.figures ?? []
    const { what = 'cases', reached = 0, goal } = cases ?? {}
    // One with a goal of its own is told of that.
    return reached > 0 || goal !== undefined ? [] : [{ part, what, reached, goal: 1 }]
  })
}

function missedOf(ran: Ran): readonly Missed[] {
  const { isWhole, reports } = ran
  const reached = [...reports].flatMap(([part, { figures }]) =>
    figures.flatMap(({ what, reached, goal }) =>
      goal !== undefined && reached < goal ? [{ part, what, reached, goal }] : [],
    ),
  )
  const own = [...idleOf(ran), ...reached]
  if (!isWhole) return own
  const totals = Object.entries(TOTALS).map(([what, goal]) => ({
    part: 'together',
    what,
    reached: reachedOf(what, reports),
    goal,
  }))
  return [...own, ...totals.filter(({ reached, goal }) => reached < goal)]
}

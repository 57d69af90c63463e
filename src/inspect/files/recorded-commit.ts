import * as v from 'valibot'

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const epochs = v.union([
  v.object({ kind: v.literal('commit'), ok: v.literal(true), epoch: natural, atMs: v.number() }),
  v.object({ type: v.literal('base'), state: v.object({ commit: v.object({ epoch: natural }) }) }),
])

/** Which owner of the store has committed, and when. */
export interface RecordedCommit {
  readonly epoch: number
  readonly atMs: number
}

/** Whether a line of a recording may tell of a commit: most do not, and need not be looked at. */
export function mayTellCommit(line: string): boolean {
  return line.includes('"epoch":')
}

/**
 * The commit of which a line of a recording tells: one that came to the store, or the last one before a base, which says no more of its time than when its
 * process started. Undefined for any other line.
 */
export function commitIn(parsed: unknown, startedAtMs: number): RecordedCommit | undefined {
  const told = v.safeParse(epochs, parsed)
  if (!told.success) return undefined
  if ('kind' in told.output) return { epoch: told.output.epoch, atMs: told.output.atMs }
  return { epoch: told.output.state.commit.epoch, atMs: startedAtMs }
}

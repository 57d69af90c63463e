import * as v from 'valibot'

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const commit = { epoch: natural, checkpoint: natural }

const told = v.union([
  v.object({ kind: v.literal('commit'), ok: v.literal(true), key: v.string(), atMs: v.number(), ...commit }),
  v.object({ type: v.literal('base'), key: v.string(), state: v.object({ commit: v.object(commit) }) }),
  v.object({ kind: v.literal('revived'), key: v.string(), checkpoint: natural }),
  v.object({ kind: v.literal('removed'), key: v.string() }),
])

/** Which owner of the store has committed which checkpoint, and when. */
export interface RecordedCommit {
  readonly key: string
  readonly epoch: number
  readonly checkpoint: number
  readonly atMs: number
}

/** What the store held of a service later than its last commit: 0 where it was removed. */
export interface Since extends Pick<RecordedCommit, 'key' | 'checkpoint'> {
  readonly epoch?: undefined
}

/** Whether a line of a recording may tell of what the store holds: most do not, and need not be looked at. */
export function mayTellCommit(line: string): boolean {
  return line.includes('"epoch":') || line.includes('"kind":"re')
}

/**
 * What a line of a recording tells of the store: a commit that came to it, the last one before a base, which says no more of its time than when its
 * process started, or what it held of a service when that was brought back or removed. Undefined for any other line.
 */
export function commitIn(parsed: unknown, startedAtMs: number): RecordedCommit | Since | undefined {
  const { success, output } = v.safeParse(told, parsed)
  if (!success) return undefined
  const { key } = output
  if ('type' in output) {
    const { epoch, checkpoint } = output.state.commit
    return { key, epoch, checkpoint, atMs: startedAtMs }
  }
  if (output.kind === 'removed') return { key, checkpoint: 0 }
  const { checkpoint } = output
  return output.kind === 'revived'
    ? { key, checkpoint }
    : { key, epoch: output.epoch, checkpoint, atMs: output.atMs }
}

/** The commit, after which the store held another checkpoint of the service: one that is lower was set aside, or removed. */
export function after(commit: RecordedCommit, since: Since | undefined): RecordedCommit {
  if (since === undefined || since.checkpoint >= commit.checkpoint) return commit
  return { ...commit, checkpoint: since.checkpoint }
}

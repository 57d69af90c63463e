import { tryPeek } from '../checkpoint/peek.js'
import type { CheckpointRecord } from '../checkpoint/record.js'
import { problemOf } from '../errors/base.js'
import type { QuarantinedCheckpoint, StoredCheckpoint } from '../ports/store.js'
import type { Finding } from './finding.js'
import { argument, moment } from './format.js'

/** Whether nothing goes on from the newest of the kept checkpoints of one key. */
export function isUnusable([newest]: readonly StoredCheckpoint[]): boolean {
  return newest !== undefined && 'error' in tryPeek(newest)
}

/** What is amiss with the kept checkpoints of one key, newest first. */
export function examineService(kept: readonly StoredCheckpoint[]): Finding[] {
  const [newest, ...older] = kept
  if (newest === undefined) return []
  const seen = tryPeek(newest)
  const findings: Finding[] = []
  if ('error' in seen) {
    const good = older.find((stored) => 'record' in tryPeek(stored))
    findings.push(damagedNewest(newest, seen.error.code, problemOf(seen.error), good))
  } else {
    findings.push(...mismatch(newest, seen.record), ...failure(seen.record))
  }
  for (const stored of older) {
    const before = tryPeek(stored)
    if ('record' in before) continue
    findings.push({
      level: 'attention',
      code: before.error.code,
      key: stored.key,
      problem: `The older checkpoint ${stored.sequence} is unusable. ${problemOf(before.error)}`,
      remedy:
        'error' in seen
          ? 'Nothing goes on from it either: see what is said of the newest one.'
          : 'The service does not need it; look for what damages the disk, and for a backup.',
    })
  }
  return findings
}

/**
 * What was set aside, and why. It is no fault any more, so it is told and nothing else. `unusable`: keys of those whose
 * newest checkpoint is none to go on from.
 */
export function examineQuarantine(
  quarantined: readonly QuarantinedCheckpoint[],
  unusable: ReadonlySet<string>,
): Finding[] {
  return quarantined.map(({ key, service, sequence, reason, quarantinedAtMs }) => ({
    level: 'note',
    code: 'QUARANTINED',
    key,
    problem: `Checkpoint ${sequence} of ${service} was set aside at ${moment(quarantinedAtMs)}: ${reason}`,
    remedy: unusable.has(key)
      ? 'The service did not go on from the one before, which is unusable too: see what is said of the newest one.'
      : `The service goes on from the one before: see to what happened in between. \`tardigrade rm ${argument(key)}\` deletes both.`,
  }))
}

/** Where somebody sees what there was. */
const SHOWN = '`tardigrade inspect` shows the kept checkpoints, and what was recorded.'

function damagedNewest(
  { key, service, sequence }: StoredCheckpoint,
  code: string,
  problem: string,
  good: StoredCheckpoint | undefined,
): Finding {
  const run = `tardigrade run MODULE --key ${argument(key)} --retry --last-good`
  const remedy =
    good === undefined
      ? `No older one is usable either: restore a backup, or give the service up with \`tardigrade rm ${argument(key)}\`. ${SHOWN}`
      : `Checkpoint ${good.sequence} is good: go on from it with \`${run}\`, and see to what happened in between. ${SHOWN}`
  const what = `The newest checkpoint of ${service || key}, ${sequence}, is unusable. ${problem}`
  return { level: 'attention', code, key, problem: what, remedy }
}

/** What the store tells without opening the text must be what the text says. */
function mismatch(stored: StoredCheckpoint, record: CheckpointRecord): Finding[] {
  const names = ['key', 'service', 'version', 'sequence', 'epoch', 'phase'] as const
  const wrong = names.filter((name) => stored[name] !== record[name])
  if (wrong.length === 0) return []
  return [
    {
      level: 'attention',
      code: 'MISMATCH',
      key: stored.key,
      problem: `The store and the checkpoint’s text disagree on: ${wrong.join(', ')}.`,
      remedy: 'Somebody changed the store by hand: restore a backup, or go on from the last good checkpoint.',
    },
  ]
}

function failure({ key, service, phase, failure: noted, inbox }: CheckpointRecord): Finding[] {
  if (phase !== 'failed') return []
  const at = noted === undefined ? '' : ` at ${moment(noted.atMs)}: ${noted.message}`
  const quoted = argument(key)
  const culprit = noted?.inboxAt === undefined ? undefined : inbox[noted.inboxAt]
  const without =
    culprit === undefined
      ? ''
      : ` With --last-good it goes on without the event ${JSON.stringify(culprit.event.type)} of its inbox, which stays in quarantine.`
  return [
    {
      level: 'attention',
      code: 'FAILED',
      key,
      problem: `The service ${service} failed${at}`,
      remedy: `When the cause is mended: \`tardigrade retry ${quoted}\`, or \`tardigrade run MODULE --key ${quoted} --retry\` when no process owns the store.${without}`,
    },
  ]
}

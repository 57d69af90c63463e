import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { UnreadLog } from '../errors/store-doubt.js'
import { unreadFramesIn } from '../stores/sqlite-frames.js'
import { DATABASE_FILE } from '../stores/sqlite-open.js'
import { keptLogs } from '../stores/sqlite-unread.js'
import type { Finding } from './finding.js'
import { tellWarning } from './note.js'
import type { Output } from './output.js'
import type { StorePlace } from './store.js'

const LOG_FILE = `${DATABASE_FILE}-wal`

const BY_CAUSE =
  'Where the power was cut, nobody had been told that those commits were durable, and nothing is lost. Else restore the folder from a copy; where there is none, the checkpoints can be read in the log, as text.'

/** What of the log of a SQLite store its database does not show: SQLite says nothing of commits behind damage. */
export function examineLog({ folder, kind }: StorePlace): Finding[] {
  if (kind !== 'sqlite') return []
  return [...unreadFindings(folder), ...keptLogs(join(folder, DATABASE_FILE)).map(keptFinding)]
}

/** Warns of such commits. */
export function warnOfLog(output: Output, { folder, kind }: StorePlace): void {
  const findings = kind === 'sqlite' ? unreadFindings(folder) : []
  for (const { problem, remedy } of findings) tellWarning(output, `${problem} ${remedy}`)
}

function unreadFindings(folder: string): Finding[] {
  const found = unreadIn(folder)
  if (found === undefined) return []
  const { read, unread, commits } = found
  return [
    {
      level: 'attention',
      code: 'UNREAD_LOG',
      problem: `${LOG_FILE} is damaged after ${counted(read, 'frame')}: SQLite reads no further, and does not see the ${counted(unread, 'frame')} behind, with ${commits === 1 ? 'a whole commit' : `${commits} whole commits`} in them. All that was read here is of before that.`,
      remedy: `The next process that claims the store goes on from there, warns of it, and keeps a copy of this log beside it. ${BY_CAUSE} \`tardigrade inspect\` shows what was recorded.`,
    },
  ]
}

function keptFinding(kept: string): Finding {
  return {
    level: 'attention',
    code: 'KEPT_LOG',
    problem: `${kept} is a log with whole commits behind a place that was damaged: the store has gone on without them.`,
    remedy: `${BY_CAUSE} Delete it when it is of no more use.`,
  }
}

/** An owner may be writing just where it is read: what is damaged is so a second time. */
function unreadIn(folder: string): UnreadLog | undefined {
  const first = lookAt(folder)
  const second = first && lookAt(folder)
  return second?.read === first?.read ? second : undefined
}

function lookAt(folder: string): UnreadLog | undefined {
  try {
    return unreadFramesIn(readFileSync(join(folder, LOG_FILE)))
  } catch {
    // There is none, or its owner has just put all of it into the database.
    return undefined
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

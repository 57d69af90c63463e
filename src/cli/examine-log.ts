import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type UnreadFrames, unreadFramesIn } from '../stores/sqlite-frames.js'
import { DATABASE_FILE } from '../stores/sqlite-open.js'
import type { Finding } from './finding.js'
import type { StorePlace } from './store.js'

const LOG_FILE = `${DATABASE_FILE}-wal`

/** What of the log of a SQLite store its database does not show: SQLite says nothing of commits behind damage. */
export function examineLog({ folder, kind }: StorePlace): Finding[] {
  const found = kind === 'sqlite' ? unreadIn(folder) : undefined
  if (found === undefined) return []
  const { read, unread, commits } = found
  return [
    {
      level: 'attention',
      code: 'UNREAD_LOG',
      problem: `${LOG_FILE} is damaged after ${counted(read, 'frame')}: SQLite reads no further, and does not see the ${counted(unread, 'frame')} behind, with ${commits === 1 ? 'a whole commit' : `${commits} whole commits`} in them. All that was read here is of before that.`,
      remedy:
        'Copy the folder first, before any process claims the store: that one would write over them. Where the power was cut, they had never been acknowledged, and nothing is lost: go on. Else restore the folder from a copy; of a SQLite database, the program sqlite3 and its `.recover` may save what is readable, and `tardigrade inspect` shows what was recorded.',
    },
  ]
}

/** An owner may be writing just where it is read: what is damaged is so a second time. */
function unreadIn(folder: string): UnreadFrames | undefined {
  const first = lookAt(folder)
  const second = first && lookAt(folder)
  return second?.read === first?.read ? second : undefined
}

function lookAt(folder: string): UnreadFrames | undefined {
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

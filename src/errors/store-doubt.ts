import { type ErrorFacts, TardigradeError } from './base.js'

/** What lies in a store's log behind the place where it is damaged. */
export interface UnreadLog {
  /** Frames before that place, which were read. */
  readonly read: number
  /** Frames from there on. */
  readonly unread: number
  /** Commits among them that are whole in themselves. */
  readonly commits: number
}

/**
 * The log of a SQLite store is damaged, and SQLite reads nothing behind that place: whole commits are not seen. A warning, since a power
 * cut leaves such a log as well. `kept` is the copy of the log that was made before anything was written over it.
 */
export class StoreLogDamagedError extends TardigradeError {
  readonly code = 'STORE_LOG_DAMAGED'
  constructor(
    readonly location: string,
    readonly kept: string,
    readonly log: UnreadLog,
    facts: ErrorFacts = {},
  ) {
    super(
      `The log of the store ${location} is damaged, and SQLite does not see what is behind: whole commits (${log.commits}), each of a service or of several. Services go on from their checkpoints before those, or begin anew.`,
      `Where the power was cut, nobody had been told that they were durable, and nothing is lost: delete ${kept}, the copy of the log that was kept. Else stop this process and restore the folder from a copy; where there is none, the checkpoints can be read in that copy, as text.`,
      facts,
    )
  }
}

/**
 * The browser has found the databases of this site damaged, as they are after it was killed at a bad instant, and made them anew, empty. A
 * warning, since nothing can be done about it. `reason` is what the browser says.
 */
export class StoreDroppedError extends TardigradeError {
  readonly code = 'STORE_DROPPED'
  constructor(
    readonly location: string,
    readonly reason: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The browser has found the databases of this site damaged (${reason}), and made them anew, empty: checkpoints that were in the store ${location} are gone.`,
      'Services begin anew. Keep what must outlive the browser on a server, too.',
      facts,
    )
  }
}

/** The disk did not confirm what was written, so that nobody knows what a power cut would leave. */
export class SyncFailedError extends TardigradeError {
  readonly code = 'SYNC_FAILED'
  constructor(
    readonly location: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The disk did not confirm what was written to the store ${location}.`,
      'Nothing more is read or written here; mend what the cause names, then start the process again.',
      facts,
    )
  }
}

/** The files of the store were deleted, moved or replaced while this process had them open. `path` is where they were. */
export class StoreGoneError extends TardigradeError {
  readonly code = 'STORE_GONE'
  constructor(
    readonly location: string,
    readonly path: string,
    facts: ErrorFacts = {},
    /** The process that has claimed it last and still exists, where another one says so. */
    readonly pid?: number,
  ) {
    const [whose, reading] =
      pid === undefined
        ? ['while this process had it open', 'Nothing more is read or written here. Stop this process']
        : [
            `and process ${pid}, which has claimed it last, still exists`,
            'That process hears of it with its next commit, and nothing here tells how its services stand. Stop it',
          ]
    super(
      `The store ${location} is not there any more: ${path} was deleted, moved or replaced${pid === undefined ? '' : ','} ${whose}.`,
      `${reading}, put the folder back or begin anew, then start it again; let nobody touch the files while a process has them.`,
      facts,
    )
  }
}

import { type ErrorFacts, TardigradeError } from './base.js'

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

import { after, type RecordedCommit, type Since } from './recorded-commit.js'

/** So many services are compared with a store at the most: each costs it a look. */
const MOST = 200

/** The last commit that was recorded of each service, of what is told of them one after another. */
export class RecordedCommits {
  readonly #last = new Map<string, RecordedCommit>()

  /** What was recorded next, as far as that is known: a base tells of what may be long ago. */
  add(told: RecordedCommit | Since): void {
    const known = this.#last.get(told.key)
    if (told.epoch === undefined) {
      if (known !== undefined) this.#last.set(told.key, after(known, told))
    } else if (known === undefined || isNewer(told, known)) this.#last.set(told.key, told)
  }

  /** Those of the services that were committed last, the newest of the greatest epoch first. */
  get newest(): readonly RecordedCommit[] {
    return [...this.#last.values()].sort((a, b) => b.epoch - a.epoch || b.atMs - a.atMs).slice(0, MOST)
  }
}

function isNewer(one: RecordedCommit, other: RecordedCommit): boolean {
  return one.epoch === other.epoch ? one.atMs >= other.atMs : one.epoch > other.epoch
}

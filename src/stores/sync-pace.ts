/** Longest quick sync, in ms: to have another thread sync and to hear of it costs 0.1 ms. */
const QUICK_MS = 0.5

/** As many in a row tell that a disk is quick: one that is not would seldom have them by chance. */
const IN_A_ROW = 8

/** How quick a disk is of late. */
export class SyncPace {
  #inARow = 0

  /** A sync took so long, as whoever waited for it knows. */
  took(ms: number): void {
    this.#inARow = ms <= QUICK_MS ? this.#inARow + 1 : 0
  }

  /** Whether a sync is over sooner than another thread would tell of it. */
  get isQuick(): boolean {
    return this.#inARow >= IN_A_ROW
  }
}

import type { Share } from '../run.js'

/** Plans of a block: so many that telling of them costs little, and so few that all workers end at about the same time. */
export const BLOCK_SIZE = 32

/** The block of that plan. */
export const blockOf = (plan: number): number => Math.floor(plan / BLOCK_SIZE)

/**
 * The plans of one of several workers who make the same search: blocks of plans, each taken by whoever comes to it first.
 */
export class Blocks implements Share {
  #mine: number

  /**
   * @param next takes the next block that nobody has begun
   * @param onEnd hears of each block that was taken and is over
   */
  constructor(
    private readonly next: () => number,
    private readonly onEnd: (block: number) => void,
  ) {
    this.#mine = next()
  }

  takes(plan: number): boolean {
    const block = blockOf(plan)
    if (block > this.#mine) this.#go()
    return block === this.#mine
  }

  /** There are no more plans than so many. */
  end(plans: number): void {
    if (plans > 0 && this.#mine <= blockOf(plans - 1)) this.onEnd(this.#mine)
  }

  #go(): void {
    this.onEnd(this.#mine)
    this.#mine = this.next()
  }
}

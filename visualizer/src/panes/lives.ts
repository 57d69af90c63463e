import type { Moment, Moments } from '../store/moments.js'

/** Where a life of a service goes on from an earlier checkpoint than the newest one that was recorded. */
export interface GoneBack {
  readonly newest: number
  /** Somebody has asked for it, since the newest one was damaged; else the store itself is an older one. */
  readonly isSetAside: boolean
}

/** How the lives of a service follow one another, read on as moments come. */
class Lives {
  /** By the moment in which a life goes on: the newest checkpoint that was recorded before. */
  readonly known = new Map<Moment, number>()
  readonly goneBack = new Map<Moment, GoneBack>()
  /** First index of what no longer counts, and the one after its last. */
  readonly undone: (readonly [number, number])[] = []
  readonly dropped: number
  #done = 0
  #checkpoint: number | undefined
  /** Those that still count, with the indices of their moments. */
  #commits: { readonly index: number; readonly checkpoint: number }[] = []
  /** Where this life begins, or has failed since. */
  #from = 0
  #event = ''

  constructor(private readonly moments: Moments) {
    this.dropped = moments.dropped
  }

  goOn(): this {
    for (; this.#done < this.moments.length; this.#done++) {
      const moment = this.moments.at(this.#done)
      if (moment !== undefined) this.#read(moment, this.#done)
    }
    return this
  }

  #read(moment: Moment, index: number): void {
    if (moment.type === 'base')
      this.#stands(index, moment.state.commit?.checkpoint ?? moment.state.revivedFrom)
    if (moment.type !== 'entry') return
    const { entry } = moment
    if (entry.kind === 'service') this.#from = index
    if (entry.kind === 'commit' && entry.ok) this.#stands(index, entry.checkpoint)
    if (entry.kind === 'removed' || (entry.kind === 'revived' && entry.fresh)) {
      this.#checkpoint = 0
      this.#commits = []
    }
    if (entry.kind === 'lifecycle') {
      this.#event = entry.event
      if (entry.state === 'failed' && (this.#commits.at(-1)?.index ?? 0) > this.#from) this.#from = index
    }
    if (entry.kind === 'revived' && !entry.fresh && !entry.slept) this.#goesOn(moment, entry.checkpoint)
  }

  #stands(index: number, checkpoint: number | undefined): void {
    if (checkpoint === undefined) return
    this.#checkpoint = checkpoint
    this.#commits.push({ index, checkpoint })
  }

  #goesOn(moment: Moment, from: number): void {
    const newest = this.#checkpoint
    this.#checkpoint = from
    if (newest === undefined) return
    this.known.set(moment, newest)
    if (from >= newest) return
    this.goneBack.set(moment, { newest, isSetAside: this.#event === 'lifecycle.retry' })
    while ((this.#commits.at(-1)?.checkpoint ?? 0) > from) this.#commits.pop()
    this.undone.push([(this.#commits.at(-1)?.index ?? -1) + 1, this.#from])
  }
}

const read = new WeakMap<Moments, Lives>()

function livesIn(moments: Moments): Lives {
  let lives = read.get(moments)
  if (lives === undefined || lives.dropped !== moments.dropped) {
    lives = new Lives(moments)
    read.set(moments, lives)
  }
  return lives.goOn()
}

/** The newest checkpoint that was recorded before a life went on in a moment. */
export function knownBefore(moments: Moments, moment: Moment): number | undefined {
  return livesIn(moments).known.get(moment)
}

export function goneBackAt(moments: Moments, moment: Moment): GoneBack | undefined {
  return livesIn(moments).goneBack.get(moment)
}

/** Whether what happened in a moment no longer counts: the service has gone back to a checkpoint before it. */
export function isUndone(moments: Moments, index: number): boolean {
  return livesIn(moments).undone.some(([from, to]) => index >= from && index < to)
}

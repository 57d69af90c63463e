import type { Path } from '../../../src/inspect/stream/entry.js'
import { pathName } from '../chart/words.js'
import type { Moments } from '../store/moments.js'
import { senderOf, typeOf } from '../store/values.js'

/** An event on its way from one actor to another, by the places of their lanes. */
export interface Message {
  /** Index of its moment. */
  readonly index: number
  readonly from: number
  readonly to: number
  readonly event: string
  /** Another process has come since the message before. */
  readonly isOther: boolean
}

/** The actors of a history, as lanes beside one another, and what went between them; made on as moments come. */
export class Messages {
  /** Names of the lanes: what is outside of the tree first. */
  readonly lanes: string[] = ['outside']
  readonly list: Message[] = []
  readonly #lanes = new Map<string, number>()
  /** The first lane of each name. */
  readonly #owns = new Map<string, { readonly lane: number; readonly whole: string }>()
  #done = 0
  #incarnation: string | undefined

  constructor(
    private readonly moments: Moments,
    private readonly dropped: number,
  ) {}

  /** Whether these are of this history, as far as it goes. */
  isOf(moments: Moments): boolean {
    return moments === this.moments && moments.dropped === this.dropped
  }

  goOn(): void {
    for (; this.#done < this.moments.length; this.#done++) {
      const moment = this.moments.at(this.#done)
      if (moment?.type !== 'entry' || moment.entry.kind !== 'event') continue
      const { to, event } = moment.entry
      const from = senderOf(moment.entry)
      // Nobody sends that to the machine: with it each life begins, and each retry.
      if (from === undefined && to.length === 0 && typeOf(event) === 'xstate.init') continue
      const isOther = this.#incarnation !== undefined && this.#incarnation !== moment.incarnation
      this.#incarnation = moment.incarnation
      const [source, target] = [from === undefined ? 0 : this.#lane(from), this.#lane(to)]
      this.list.push({ index: this.#done, from: source, to: target, event: typeOf(event), isOther })
    }
  }

  #lane(actor: Path): number {
    const key = JSON.stringify(actor)
    let lane = this.#lanes.get(key)
    if (lane === undefined) {
      lane = this.lanes.push(this.#nameOf(actor, this.lanes.length)) - 1
      this.#lanes.set(key, lane)
    }
    return lane
  }

  /** The actor's own name; of several of one name, each has those above it as well. */
  #nameOf(actor: Path, lane: number): string {
    const { logicOf } = this.moments
    const [whole, own] = [pathName(actor, logicOf), pathName(actor.slice(-1), logicOf)]
    const namesake = this.#owns.get(own)
    if (namesake === undefined) {
      this.#owns.set(own, { lane, whole })
      return own
    }
    this.lanes[namesake.lane] = namesake.whole
    return whole
  }
}

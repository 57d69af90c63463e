import { callControl } from '../../control/call.js'
import { OwnerGoneError, OwnerUnreachableError } from '../../control/errors.js'
import type { StoreOwnerShown } from '../stream/message.js'

type Answer = Required<Pick<StoreOwnerShown, 'requests'>> & Pick<StoreOwnerShown, 'armed'>
type Owner = Pick<StoreOwnerShown, 'pid' | 'claimedAtMs'>

/** How long an owner may take to answer before it counts as one that does not. */
const PATIENCE_MS = 2000
/** How long the first look at the store waits for it. */
const FIRST_MS = 100

/** Whether the owner of a store takes requests, and which kills it awaits: asked whenever somebody looks, and told as its last answer was. */
export class OwnerPulse {
  #felt: Felt | undefined

  constructor(private readonly folder: string) {}

  /** As far as it is known by now: an owner that hangs keeps nobody from looking, and what one answered before it says nothing of it. */
  async feel({ pid, claimedAtMs }: Owner): Promise<Answer> {
    if (this.#felt?.pid !== pid || this.#felt.claimedAtMs !== claimedAtMs)
      this.#felt = { pid, claimedAtMs, last: undefined, asking: undefined }
    const felt = this.#felt
    felt.asking ??= this.#ask(felt).finally(() => {
      felt.asking = undefined
    })
    if (felt.last === undefined) await this.#first(felt.asking)
    return felt.last ?? { requests: 'taken' }
  }

  /** Something was asked of it: what it answered before says nothing of it any more. */
  forget(): void {
    this.#felt = undefined
  }

  async #first(answer: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FIRST_MS)
      timer.unref()
    })
    await Promise.race([answer, patience])
    clearTimeout(timer)
  }

  async #ask(felt: Felt): Promise<void> {
    try {
      const { armed } = await callControl(this.folder, { type: 'ping' }, { timeoutMs: PATIENCE_MS })
      felt.last = { requests: 'taken', ...(armed !== undefined && { armed }) }
    } catch (error) {
      if (error instanceof OwnerGoneError) return
      felt.last = { requests: error instanceof OwnerUnreachableError ? 'none' : 'unanswered' }
    }
  }
}

/** What is known of one owner. */
interface Felt extends Owner {
  last: Answer | undefined
  asking: Promise<void> | undefined
}

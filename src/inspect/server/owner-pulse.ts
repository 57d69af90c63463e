import { callControl } from '../../control/call.js'
import { OwnerGoneError, OwnerUnreachableError } from '../../control/errors.js'
import type { StoreOwnerShown } from '../stream/message.js'

type Requests = NonNullable<StoreOwnerShown['requests']>
type Owner = Pick<StoreOwnerShown, 'pid' | 'claimedAtMs'>

/** How long an owner may take to answer before it counts as one that does not. */
const PATIENCE_MS = 2000
/** How long the first look at the store waits for it. */
const FIRST_MS = 100

/** Whether the owner of a store takes requests: asked whenever somebody looks, and told as its last answer was. */
export class OwnerPulse {
  #felt: Felt | undefined

  constructor(private readonly folder: string) {}

  /** As far as it is known by now: an owner that hangs keeps nobody from looking, and what one answered before it says nothing of it. */
  async feel({ pid, claimedAtMs }: Owner): Promise<Requests> {
    if (this.#felt?.pid !== pid || this.#felt.claimedAtMs !== claimedAtMs)
      this.#felt = { pid, claimedAtMs, last: undefined, asking: undefined }
    const felt = this.#felt
    felt.asking ??= this.#ask(felt).finally(() => {
      felt.asking = undefined
    })
    if (felt.last === undefined) await this.#first(felt.asking)
    return felt.last ?? 'taken'
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
      await callControl(this.folder, { type: 'ping' }, { timeoutMs: PATIENCE_MS })
      felt.last = 'taken'
    } catch (error) {
      if (error instanceof OwnerGoneError) return
      felt.last = error instanceof OwnerUnreachableError ? 'none' : 'unanswered'
    }
  }
}

/** What is known of one owner. */
interface Felt extends Owner {
  last: Requests | undefined
  asking: Promise<void> | undefined
}

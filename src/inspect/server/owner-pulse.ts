import { callControl } from '../../control/call.js'
import { OwnerGoneError, OwnerUnreachableError } from '../../control/errors.js'
import type { StoreOwnerShown } from '../stream/message.js'

type Requests = NonNullable<StoreOwnerShown['requests']>

/** How long an owner may take to answer before it counts as one that does not. */
const PATIENCE_MS = 2000
/** How long the first look at the store waits for it. */
const FIRST_MS = 100

/** Whether the owner of a store takes requests: asked whenever somebody looks, and told as its last answer was. */
export class OwnerPulse {
  #last: Requests | undefined
  #asking: Promise<void> | undefined

  constructor(private readonly folder: string) {}

  /** As far as it is known by now: an owner that hangs keeps nobody from looking. */
  async feel(): Promise<Requests> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    if (this.#last === undefined) await this.#first(this.#asking)
    return this.#last ?? 'taken'
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

  async #ask(): Promise<void> {
    try {
      await callControl(this.folder, { type: 'ping' }, { timeoutMs: PATIENCE_MS })
      this.#last = 'taken'
    } catch (error) {
      if (error instanceof OwnerGoneError) return
      this.#last = error instanceof OwnerUnreachableError ? 'none' : 'unanswered'
    }
  }
}

import { within } from '../../platform/within.js'
import { patiently } from '../patiently.js'
import type { RedisLike } from './driver.js'
import { isAway, isUnknownScript } from './failures.js'
import type { Script } from './scripts.js'

type Value = string | number

/** A client that is asked with patience: what is asked may be done twice, so that nothing may come of the second time. */
export class Connection {
  /**
   * @param patienceMs how long the server may be away, in ms
   * @param mend has the client connect again, where nothing is answered; nothing where the client is not ours
   */
  constructor(
    private readonly client: RedisLike,
    private readonly patienceMs: number,
    private readonly mend: () => void,
  ) {}

  /** Runs a command. */
  call(command: string, ...values: readonly Value[]): Promise<unknown> {
    return this.#patiently(() => this.client.call(command, ...values))
  }

  /** Runs a script, which the server may know from before. */
  run({ sha, text }: Script, keys: readonly string[], values: readonly Value[]): Promise<unknown> {
    return this.#patiently(async () => {
      try {
        return await this.client.call('EVALSHA', sha, keys.length, ...keys, ...values)
      } catch (error) {
        if (!isUnknownScript(error)) throw error
        return this.client.call('EVAL', text, keys.length, ...keys, ...values)
      }
    })
  }

  /**
   * Runs a script in one try, for what must not be waited for.
   * @param keeps whether it keeps the process from its end
   */
  once(script: Script, keys: readonly string[], values: readonly Value[], keeps = true): Promise<unknown> {
    const ask = () => this.client.call('EVAL', script.text, keys.length, ...keys, ...values)
    return this.#answered(ask, keeps)
  }

  #patiently<T>(ask: () => Promise<T>): Promise<T> {
    return patiently(this.patienceMs, isAway, () => this.#answered(ask))
  }

  async #answered<T>(ask: () => Promise<T>, keeps = true): Promise<T> {
    let silent = true
    const answer = ask()
    const settled = () => {
      silent = false
    }
    answer.then(settled, settled)
    try {
      // Two tries fit into the patience.
      return await within(Math.ceil(this.patienceMs / 2), answer, undefined, keeps)
    } catch (error) {
      if (silent) this.mend()
      throw error
    }
  }
}

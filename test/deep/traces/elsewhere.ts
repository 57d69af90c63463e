import { Child } from '../../crash/child.js'
import type { Subject } from '../../interruption/subjects.js'

/** Another process that traces tokens, one after another: what is constant in one process need not be in the next. */
export class Elsewhere {
  readonly #child = new Child('test/deep/traces/tracing-process.js', [])
  #asked = 0

  async trace({ name }: Subject, token: string): Promise<string> {
    this.#child.tell(JSON.stringify([name, token]))
    this.#asked++
    await this.#child.prints(this.#asked)
    const line = this.#child.lines[this.#asked - 1]
    if (line === undefined) throw new Error(`It ended without a trace of ${token}. ${this.#child.errors}`)
    return String(JSON.parse(line))
  }

  async close(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#child.exited
  }
}

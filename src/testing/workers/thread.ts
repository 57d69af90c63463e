import { Worker } from 'node:worker_threads'
import { reasonOf } from '../../errors/text-of.js'
import type { Assignment, Told } from './messages.js'

/** As they were when the kit was loaded: an author's test may put a clock of its own in their place. */
const every = setInterval
const noMore = clearInterval

/** How often it is looked whether a worker goes on, in milliseconds. */
const LOOK_MS = 1000

/** So many looks at one that does nothing, before it counts as one that hangs: a world takes milliseconds. */
const MOST_LOOKS = 60

const PROGRAM = new URL('./worker.js', import.meta.url)

/** Who hears of a worker. */
export interface Ears {
  told(told: Told): void
  /** It has died, and has not said that it was done. */
  died(reason: string, cause?: unknown): void
  /** It has done nothing for a while. */
  hangs(): void
}

/** A thread that makes its share of a search. */
export class Thread {
  readonly #worker: Worker
  readonly #looks: ReturnType<typeof every>
  #done = false
  #idle = 0
  #seen = 0

  constructor(
    private readonly assignment: Assignment,
    private readonly ears: Ears,
    lookMs = LOOK_MS,
  ) {
    // What the author's module prints is printed by the thread that has begun this one, if at all.
    this.#worker = new Worker(PROGRAM, { workerData: assignment, stdout: true, stderr: true })
    this.#worker.stdout.resume()
    this.#worker.stderr.resume()
    this.#worker.on('message', (told: Told) => {
      this.#done ||= told.tells !== 'block'
      ears.told(told)
    })
    const died = (reason: string, cause?: unknown) => this.#lost(() => ears.died(reason, cause))
    this.#worker.on('error', (error) => died(`died of ${reasonOf(error)}`, error))
    this.#worker.on('exit', (code) => died(`ended by itself, with code ${code}`))
    this.#looks = every(() => this.#look(), lookMs)
  }

  async end(): Promise<void> {
    this.#done = true
    noMore(this.#looks)
    await this.#worker.terminate()
  }

  #look(): void {
    const { shared, beat } = this.assignment
    const seen = Atomics.load(shared, beat)
    this.#idle = seen === this.#seen ? this.#idle + 1 : 0
    this.#seen = seen
    if (this.#idle >= MOST_LOOKS) this.#lost(() => this.ears.hangs())
  }

  #lost(tell: () => void): void {
    noMore(this.#looks)
    if (this.#done) return
    this.#done = true
    tell()
  }
}

import { InvalidOptionError } from '../errors/options.js'
import type { Conductor } from './conductor.js'

/**
 * Lets go of a service and revives it after every event, as a crash between two events would. Nobody is to see it but
 * by what the service had kept beside its checkpoint, or by work that begins anew.
 */
export class Chaos {
  #rounds: Promise<void> = Promise.resolve()
  /** What waits until it is back. */
  #waiting: (() => void)[] | undefined

  constructor(
    private readonly conductor: Pick<Conductor, 'engine' | 'state' | 'sleep' | 'view' | 'failWith'>,
  ) {}

  /**
   * An event was sent: when it is durable, and its effects are done, another life begins. Resolves then, so that whoever sends one event
   * after another sends each to another life; earlier where an effect is under way, which may itself wait for this answer.
   */
  async after(sent: Promise<void>): Promise<void> {
    // What was refused brought nothing about; a failure is told by the lifecycle.
    this.#rounds = this.#rounds
      .then(() => sent)
      .then(() => this.#round())
      .catch(() => {})
    await sent
    await this.relived()
  }

  /** Resolves when the lives that are due have begun, but for what an effect keeps from it that is under way. */
  async relived(): Promise<void> {
    if (!this.conductor.engine.tree?.effects.pending) await this.#rounds
  }

  /** Whether it is between two lives: then `run` is called when it is back. */
  defers(run: () => void): boolean {
    this.#waiting?.push(run)
    return this.#waiting !== undefined
  }

  async #round(): Promise<void> {
    const { conductor } = this
    const { engine, view } = conductor
    await engine.calm.settled()
    // Another life begins where it runs, with all durable and done.
    if (this.conductor.state !== 'running' || conductor.sleep.asleep || !engine.calm.isSettled) return
    this.#waiting = []
    // What is seen of it now is kept for as long as it is gone.
    view.detach()
    view.attach(() => engine.tree?.snapshot)
    try {
      // Events that come meanwhile queue, and are applied when it is back from the store.
      engine.letGo()
      engine.intake.draining = true
      await engine.revive(true)
      if (conductor.state !== 'failed') engine.run(undefined)
    } catch (error) {
      conductor.failWith(error)
    }
    const waiting = this.#waiting
    this.#waiting = undefined
    for (const run of waiting) run()
  }
}

/** What `TARDIGRADE_CHAOS` may be: first those for none. */
const WORDS = ['', '0', 'false', 'no', 'off', '1', 'true', 'yes', 'on']

/**
 * Whether the environment asks for chaos: `TARDIGRADE_CHAOS=1`. Where there is no process, as in a browser, nothing does.
 * @throws {InvalidOptionError} it holds another word: a suite that was to be interrupted would be green for nothing
 */
export function chaosByEnvironment(): boolean {
  const word = globalThis.process?.env?.TARDIGRADE_CHAOS ?? ''
  const at = WORDS.indexOf(word.toLowerCase())
  if (at < 0) throw new InvalidOptionError('TARDIGRADE_CHAOS', word, `one of${WORDS.join(' ')}`)
  return at > 4
}

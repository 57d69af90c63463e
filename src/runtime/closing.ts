import { NotSafeInTimeError } from '../errors/host.js'
import { CLOSING } from '../service/holds.js'
import type { Conductor } from './conductor.js'
import { isUnfit } from './failures.js'
import type { Roster } from './roster.js'

/** What `close` could bring to safety. */
export interface CloseReport {
  /**
   * Keys of the services that rest with a durable checkpoint, those that slept or had been stopped included, and those that
   * failed since this code cannot go on from theirs: nothing of them ran, and it is unchanged.
   */
  readonly safe: readonly string[]
  /** Those that do not, and why: they failed, and their last durable checkpoint is damaged or older than their state. */
  readonly unsafe: readonly { readonly key: string; readonly error: Error }[]
}

/** Holds a service because its supervisor closes. */
export function holdForClosing(conductor: Conductor, deadlineMs?: number): void {
  conductor.hold('shutdown', deadlineMs, CLOSING)
}

/** Whoever asks for the end again may have less time. */
export function hasten(conductors: readonly Conductor[], deadlineMs: number | undefined): void {
  if (deadlineMs !== undefined) for (const conductor of conductors) holdForClosing(conductor, deadlineMs)
}

/** Brings the services of a supervisor to rest, and keeps count of those that do. */
export class Closing {
  readonly #asked = new Set<Conductor>()
  /** By key what kept it from its rest; undefined of one that rests. */
  readonly #outcomes = new Map<string, Error | undefined>()

  constructor(
    private readonly roster: Pick<Roster, 'conductors' | 'isLeaving'>,
    private readonly deadlineMs: number | undefined,
  ) {}

  /** How many rest, or cannot. */
  get settled(): number {
    return this.#outcomes.size
  }

  /** Resolves when all rest, those that wake meanwhile too, and every failure is noted. */
  async restAll(): Promise<void> {
    for (let more = this.#others(); more.length > 0; more = this.#others()) {
      await Promise.all(more.map((conductor) => this.#rest(conductor)))
      await Promise.all(more.map(({ engine }) => engine.noted()))
    }
  }

  /**
   * What has come of it; ends what has not come to rest.
   * @param resting keys of those that are out of memory
   * @param inTime whether all came to rest; if not, those in memory that did not are unsafe
   */
  report(resting: readonly string[], inTime: boolean): CloseReport {
    const outcomes = this.#outcomes
    // One that stopped meanwhile rests out of memory as well.
    for (const key of resting) outcomes.set(key, outcomes.get(key))
    for (const conductor of this.roster.conductors) {
      // In time, they are sleepers that were woken just now, and held: they have decided nothing yet.
      if (!outcomes.has(conductor.key)) outcomes.set(conductor.key, inTime ? undefined : giveUp(conductor))
    }
    const each = [...outcomes]
    return {
      safe: each.flatMap(([key, error]) => (error ? [] : key)),
      unsafe: each.flatMap(([key, error]) => (error ? { key, error } : [])),
    }
  }

  #others(): readonly Conductor[] {
    // Of one that is being removed nothing will be there to be safe.
    return this.roster.conductors.filter(
      (conductor) => !this.#asked.has(conductor) && !this.roster.isLeaving(conductor.key),
    )
  }

  async #rest(conductor: Conductor): Promise<void> {
    const { key } = conductor
    this.#asked.add(conductor)
    try {
      holdForClosing(conductor, this.deadlineMs)
      await conductor.restsUnder('shutdown', CLOSING)
      // One that rested already, or was about to go on, may have taken more since.
      await conductor.engine.durable()
      this.#outcomes.set(key, undefined)
    } catch (error) {
      // What conductors and stores throw is an Error.
      this.#outcomes.set(key, isUnfit(error as Error) ? undefined : (error as Error))
    }
  }
}

/** Ends a service that did not come to rest: its tasks act no more, and whoever waits is told. What is stored stays as it is. */
function giveUp(conductor: Conductor): Error {
  const { key, definition, engine } = conductor
  const error = new NotSafeInTimeError({ service: definition.id, key })
  conductor.failWith(error)
  engine.ledger.giveUp(error)
  return error
}

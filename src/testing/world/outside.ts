import { type EffectOracle, type EffectOracles, oracleOf } from './oracles.js'

/** Something that a service did to the outside. */
export interface Done {
  /** The effect's key: the same when it is done again. Without one, nobody can tell that it is. */
  readonly key: string | undefined
  /** The action's or actor's name. */
  readonly name: string
  readonly what: string
  /** Of a task, whose steps may run beside others: in which order those come is nobody's promise. */
  readonly isStep?: boolean
}

/** What was done, as those see it to whom it was done: by their oracle, and of what counts once apart the steps of tasks. */
export type DoneByOracle = Record<EffectOracle, readonly string[]> & { steps?: readonly string[] }

/** Where around an effect the process is killed. */
export type EffectFate = 'death-before' | 'death-during' | 'death-after'

/** What lies outside of a service, and outlives its processes. */
export class OutsideWorld {
  /** Effects by key, with what each did first. */
  readonly #done = new Map<string, string>()
  readonly #seen: Record<EffectOracle, string[]> = { exactlyOnce: [], idempotent: [], atMostOnce: [] }
  readonly #steps: string[] = []
  /** Keys that came again for something else. */
  readonly conflicts: string[] = []
  readonly #answersAtMs = new Map<string | undefined, number>()
  /** Which of its answers a request gets, by its key. */
  readonly #turns = new Map<string, number>()
  /** Which answer the next new request gets, by its name. */
  readonly #nextTurns = new Map<string, number>()
  /** Keys of requests for whose answer somebody waits. */
  readonly #awaited = new Set<string | undefined>()
  /** How often what works outside was started, by its name: callbacks and observables, which begin from the first in each life. */
  readonly starts = new Map<string, number>()
  #fates = new Map<number, EffectFate>()
  /** How often anything was done, again counted. */
  count = 0
  /** Ends the process that does something. */
  onDeath: (() => void) | undefined
  /** Hears of all that is done. */
  onDone: ((told: string) => void) | undefined

  /** @param met hears the names of all that is done */
  constructor(
    private readonly oracles: EffectOracles = {},
    private readonly met?: (name: string) => void,
  ) {}

  /** What happens around the next effect. */
  next(fate: EffectFate | undefined): void {
    if (fate === undefined) this.#fates.delete(this.count + 1)
    else this.#fates.set(this.count + 1, fate)
  }

  /** What happens around the effect with this number, counting all from 1. */
  at(effect: number, fate: EffectFate): void {
    this.#fates.set(effect, fate)
  }

  /** What happens around which effect. */
  get fates(): ReadonlyMap<number, EffectFate> {
    return this.#fates
  }

  set fates(fates: ReadonlyMap<number, EffectFate>) {
    this.#fates = new Map(fates)
  }

  /** Somebody does something, maybe again. False where their process dies before. */
  did(done: Done): boolean {
    this.count++
    const fate = this.#fates.get(this.count)
    this.#fates.delete(this.count)
    if (fate === 'death-before') {
      this.onDone?.(`the process dies before “${done.what}”`)
      this.onDeath?.()
      return false
    }
    this.#note(done)
    if (fate === 'death-during') this.onDeath?.()
    // When whoever did it has noted that it is done.
    if (fate === 'death-after') queueMicrotask(() => this.onDeath?.())
    return true
  }

  /** A callback or an observable starts, maybe anew. */
  started(name: string): void {
    const times = (this.starts.get(name) ?? 0) + 1
    this.starts.set(name, times)
    this.onDone?.(times === 1 ? `“${name}” starts` : `“${name}” starts, for the ${times}. time`)
  }

  /** Which of so many answers this request gets: each new one the next, and one that is made again its own. */
  turnOf({ key, name }: Done, answers: number): number {
    const known = key === undefined ? undefined : this.#turns.get(key)
    if (known !== undefined) return known
    const turn = this.#nextTurns.get(name) ?? 0
    this.#nextTurns.set(name, (turn + 1) % answers)
    if (key !== undefined) this.#turns.set(key, turn)
    return turn
  }

  /** What the outside will answer next: as much a part of what comes as the machine's own state. */
  get turns(): unknown {
    return [...this.#nextTurns].sort(([one], [other]) => (one < other ? -1 : 1))
  }

  /** Somebody waits for the answer to that request, until the function is called that this returns. */
  awaits(key: string | undefined): () => void {
    this.#awaited.add(key)
    return () => void this.#awaited.delete(key)
  }

  /** When the outside answers a request with this key: as it would have if it was asked once. */
  answersAtMs(key: string | undefined, nowMs: number, afterMs: number): number {
    const known = key === undefined ? undefined : this.#answersAtMs.get(key)
    if (known !== undefined) return known
    this.#answersAtMs.set(key, nowMs + afterMs)
    return nowMs + afterMs
  }

  /** When the next awaited answer comes that was not there at that time; undefined: there is none. */
  nextAnswerAtMs(nowMs: number): number | undefined {
    let next: number | undefined
    for (const [key, atMs] of this.#answersAtMs) {
      if (!this.#awaited.has(key)) continue
      if (atMs > nowMs && (next === undefined || atMs < next)) next = atMs
    }
    return next
  }

  /** What was done, as those see it to whom it was done. */
  get seen(): DoneByOracle {
    const { exactlyOnce, idempotent, atMostOnce } = this.#seen
    const seen: DoneByOracle = {
      exactlyOnce: [...exactlyOnce],
      // Whether it was done earlier or later, once or twice: it is the same.
      idempotent: [...new Set(idempotent)].sort(),
      atMostOnce: [...atMostOnce],
    }
    if (this.#steps.length > 0) seen.steps = this.#steps.toSorted()
    return seen
  }

  #note({ key, name, what, isStep }: Done): void {
    this.met?.(name)
    const before = key === undefined ? undefined : this.#done.get(key)
    const again = before === what
    this.onDone?.(again ? `${what}, again under its key` : what)
    if (before === undefined) {
      if (key !== undefined) this.#done.set(key, what)
    } else if (!again) this.conflicts.push(`${before} and ${what} have the same key ${key}`)
    const oracle = oracleOf(this.oracles, name)
    if (oracle !== 'exactlyOnce') this.#seen[oracle].push(what)
    else if (before === undefined) (isStep ? this.#steps : this.#seen.exactlyOnce).push(what)
  }
}

import type { EventObject } from 'xstate'
import type { OutboxEntry } from '../checkpoint/record.js'
import { isObject } from '../errors/option-checks.js'
import type { EffectChange } from '../ports/inspector.js'
import { withEffectKey } from '../service/effect-key.js'
import { apart } from './apart.js'
import type { InternalActor } from './internals.js'

/** Something that reaches outside the tree, decided and waiting for its commit, or under way. */
export interface Effect {
  /** `start` and `dispose` of outside work are implied by the snapshot, so they are never stored. */
  readonly kind: OutboxEntry['kind'] | 'start' | 'dispose'
  readonly actor: InternalActor
  readonly type: string
  readonly params?: unknown
  readonly event: EventObject
  /** The context that a custom action saw. */
  readonly context?: unknown
  /** Given at the capture. */
  key: string | undefined
  run(): unknown
}

/** One that was captured. */
export interface KeyedEffect extends Effect {
  key: string
}

/** What the queue reports to its tree. */
export interface EffectReports {
  failed(effect: KeyedEffect, error: unknown): void
  /** An asynchronous effect, or the last synchronous one of a release, is done. */
  settled(): void
  /** Hears of every step in an effect's life; undefined where nobody inspects. */
  readonly observed?: ((change: EffectChange, effect: Effect, error?: unknown) => void) | undefined
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && 'then' in value && typeof value.then === 'function'
}

const NONE: ReadonlySet<string> = new Set()

/** Effects from decision to completion: decided, captured, running; each list in the order of decision. */
export class EffectQueue {
  #decided: Effect[] = []
  #captured: KeyedEffect[] = []
  readonly #running = new Set<KeyedEffect>()
  #settledKeys: Set<string> | undefined

  constructor(private readonly reports: EffectReports) {}

  hold(effect: Effect): void {
    this.#decided.push(effect)
    this.reports.observed?.('waiting', effect)
  }

  /** Puts back what an earlier life of the service owed; it is durable already. */
  owe(effects: readonly KeyedEffect[]): void {
    // Starts of outside work are in already; each effect runs where it stood when it was decided.
    this.#captured = [...this.#captured, ...effects].sort((a, b) => compareKeys(a.key, b.key))
    this.#tell('again', effects)
  }

  /** Forgets what waits for an actor that will never run. */
  drop(actor: InternalActor, kinds: readonly Effect['kind'][]): void {
    const keep = (effect: Effect) => effect.actor !== actor || !kinds.includes(effect.kind)
    if (this.reports.observed !== undefined)
      this.#tell(
        'dropped',
        this.#waiting.filter((effect) => !keep(effect)),
      )
    this.#decided = this.#decided.filter(keep)
    this.#captured = this.#captured.filter(keep)
  }

  /** Gives keys to what was decided since, and returns all that is owed, in order. */
  capture(keyOf: (index: number, effect: Effect) => string): readonly KeyedEffect[] {
    for (const [index, effect] of this.#decided.entries()) effect.key ??= keyOf(index, effect)
    // Each has one now.
    this.#captured.push(...(this.#decided as KeyedEffect[]))
    this.#decided = []
    this.#settledKeys = undefined
    return [...this.#running, ...this.#captured]
  }

  /** Runs what was captured; to be called when that capture is durable. */
  release(): void {
    const due = this.#captured
    this.#captured = []
    for (const effect of due) this.#running.add(effect)
    for (const effect of due) this.#run(effect)
  }

  /** Ends the outside work that was stopped and not yet disposed of; everything else stays owed. */
  close(): void {
    // Those of a release too, in which one before them has failed.
    const dispose = [...this.#running, ...this.#waiting].filter(({ kind }) => kind === 'dispose')
    this.#captured = []
    this.#decided = []
    this.#running.clear()
    // What one throws must not keep the others, nor other work, from their end.
    for (const effect of dispose) apart(() => effect.run())
  }

  /** What is decided and does not run yet, in the order of decision. */
  get #waiting(): readonly Effect[] {
    return [...this.#captured, ...this.#decided]
  }

  #tell(change: EffectChange, effects: readonly Effect[]): void {
    const { observed } = this.reports
    if (observed !== undefined) for (const effect of effects) observed(change, effect)
  }

  /** Keys of the effects that are done since the last capture, which still owed them. */
  get settledKeys(): ReadonlySet<string> {
    return this.#settledKeys ?? NONE
  }

  /** How many are under way. */
  get running(): number {
    return this.#running.size
  }

  /** How many are not done, those under way included. */
  get pending(): number {
    return this.#decided.length + this.#captured.length + this.#running.size
  }

  #run(effect: KeyedEffect): void {
    // A failure before it in the same release may have closed the tree.
    if (!this.#running.has(effect)) return
    this.reports.observed?.('released', effect)
    try {
      const result = withEffectKey(effect.key, () => effect.run())
      if (isThenable(result)) {
        result.then(
          () => this.#settle(effect),
          (error: unknown) => this.#fail(effect, error),
        )
        return
      }
      this.#settle(effect)
    } catch (error) {
      this.#fail(effect, error)
    }
  }

  #settle(effect: KeyedEffect): void {
    if (!this.#running.delete(effect)) return
    this.reports.observed?.('done', effect)
    if (effect.kind === 'start') return
    this.#settledKeys ??= new Set()
    this.#settledKeys.add(effect.key)
    this.reports.settled()
  }

  #fail(effect: KeyedEffect, error: unknown): void {
    if (!this.#running.has(effect)) return
    this.reports.observed?.('failed', effect, error)
    this.reports.failed(effect, error)
    this.#running.delete(effect)
  }
}

/** Sequence and index stand at a key's end. */
function placeOf(key: string): readonly [number, number] {
  // Every key that this library makes ends so.
  return key.split('/').slice(-2).map(Number) as [number, number]
}

function compareKeys(a: string, b: string): number {
  const [sequenceA, indexA] = placeOf(a)
  const [sequenceB, indexB] = placeOf(b)
  return sequenceA - sequenceB || indexA - indexB
}

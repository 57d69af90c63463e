import { aName, checkOptions } from '../errors/option-checks.js'
import { DuplicateStepError, TaskInterruptedError } from '../errors/service.js'
import type { InterruptibleWork, WorkPort } from '../service/work.js'
import { RETRY, type RetryOptions, withRetries } from './retry.js'
import type { DoneStep, TaskEvent } from './snapshot.js'

/** A step's name, a text of 1 to 512 characters, is durable together with what it returned, which must be data that a checkpoint can keep. */
export type Step = <T>(name: string, run: StepBody<T>, options?: StepOptions) => Promise<T>

type StepBody<T> = (step: { readonly key: string; readonly signal: AbortSignal }) => Promise<T> | T

interface StepOptions {
  readonly retry?: RetryOptions
}

/** How far a task has come, durable. */
export interface Progress<TProgress> {
  readonly value: TProgress | undefined
  /** Resolves when the value is durable. */
  set(value: TProgress): Promise<void>
}

/** What a task's function is given. */
export interface TaskScope<TInput = unknown, TProgress = unknown> {
  readonly input: TInput
  /** Runs `run` once for all: after a restart its result is read from the checkpoint. */
  readonly step: Step
  readonly progress: Progress<TProgress>
  /**
   * Aborted when this run is over, whatever it still does: the task was cancelled, the grace of its interruption has
   * ended, or a step's boundary has ended it. Give it to work that must be cut off then.
   */
  readonly signal: AbortSignal
  /**
   * Aborted, no later than `signal`, when the task is asked to stop at its next step. Give it to waits: the error
   * with which one ends early passes through the task, which goes on from its last step when the service does.
   *
   * @example
   * ```ts
   * await progress.set(at)
   * await setTimeout(pauseMs, undefined, { signal: interruption }) // of node:timers/promises
   * ```
   */
  readonly interruption: AbortSignal
  /** Whether the task was asked to stop; its next step or progress will end it. The same as `interruption.aborted`. */
  readonly interrupted: () => boolean
  /** A stable idempotency key for this part of the task: the same at every run. */
  readonly key: (part: string | number) => string
}

/** What a run starts from, and where it reports. */
export interface RunOptions<TInput, TProgress> {
  readonly input: TInput
  readonly steps: readonly DoneStep[]
  readonly progress: TProgress | undefined
  readonly key: string
  readonly retry: RetryOptions
  readonly port: WorkPort | undefined
  readonly tell: (event: TaskEvent) => void
}

/** What a step is given, beside what is run. */
const STEP = { name: aName, retry: RETRY }

/** One run of a task's function, from its last step on. */
export class TaskRun<TOutput, TInput, TProgress> implements InterruptibleWork {
  readonly #soft = new AbortController()
  readonly #hard = new AbortController()
  readonly #named = new Set<string>()
  /** Why it was interrupted: not every platform's signals know their reasons. */
  #reason: TaskInterruptedError | undefined
  #progress: TProgress | undefined
  #over = false

  constructor(private readonly options: RunOptions<TInput, TProgress>) {
    this.#progress = options.progress
  }

  interrupt(): void {
    this.#reason ??= new TaskInterruptedError()
    this.#soft.abort(this.#reason)
  }

  /** Cuts the run off: what it still does, and what it has started beside its steps, is nobody's. Another one goes on from its last step. */
  abort(): void {
    this.interrupt()
    this.#hard.abort(this.#reason)
  }

  /** Runs the function to its end, its failure or its interruption, and reports the first two. */
  async run(body: (scope: TaskScope<TInput, TProgress>) => Promise<TOutput> | TOutput): Promise<void> {
    const leave = this.options.port?.enter(this)
    try {
      const output = await body(this.#scope())
      // A task that swallowed its interruption has not come to its end.
      if (!this.#hard.signal.aborted) this.options.tell({ type: 'tardigrade.task.done', output })
    } catch (error) {
      if (isAbortOf(this.#reason, error)) this.abort()
      if (!this.#hard.signal.aborted) this.options.tell({ type: 'tardigrade.task.failed', error })
    } finally {
      this.#over = true
      leave?.()
    }
  }

  #scope(): TaskScope<TInput, TProgress> {
    return {
      input: this.options.input,
      step: (...given) => this.#unawaited(this.#step(...given)),
      progress: new ProgressOfRun(
        () => this.#progress,
        (value) => this.#unawaited(this.#setProgress(value)),
      ),
      signal: this.#hard.signal,
      interruption: this.#soft.signal,
      interrupted: () => this.#soft.signal.aborted,
      key: (part) => this.#key(part),
    }
  }

  #key(part: string | number): string {
    return `${this.options.key}/${part}`
  }

  /** What the body does not wait for is interrupted too, and then nobody hears of it: that is no failure of the process. */
  #unawaited<T>(work: Promise<T>): Promise<T> {
    const told: Promise<T> = work.catch((error: unknown) => {
      if (error === this.#reason) told.catch(() => {})
      throw error
    })
    return told
  }

  async #step<T>(name: string, run: StepBody<T>, options?: StepOptions): Promise<T> {
    checkOptions('step', { ...options, name }, STEP, ['name'])
    if (this.#named.has(name)) throw new DuplicateStepError(name)
    this.#named.add(name)
    const done = this.options.steps.find((step) => step.name === name)
    // Written by the same step of an earlier run, which had the same type.
    if (done !== undefined) return done.output as T
    // What the body did not wait for may come when the task has ended: nothing would keep it.
    if (this.#over) this.abort()
    this.#boundary()
    let output: unknown
    try {
      const scope = { key: this.#key(name), signal: this.#hard.signal }
      output = await withRetries(
        () => run(scope),
        options?.retry ?? this.options.retry,
        this.#soft.signal,
        () => this.#reason,
      )
    } catch (error) {
      // Cut off, not failed: another run will try it again.
      if (this.#soft.signal.aborted) this.#boundary()
      throw error
    }
    await this.#record({ type: 'tardigrade.task.step', step: { name, output } })
    return output as T
  }

  async #setProgress(value: TProgress): Promise<void> {
    if (this.#over) this.abort()
    if (this.#hard.signal.aborted) this.#boundary()
    this.#progress = value
    await this.#record({ type: 'tardigrade.task.progress', value })
  }

  async #record(event: TaskEvent): Promise<void> {
    if (this.#hard.signal.aborted) this.#boundary()
    this.options.tell(event)
    await this.options.port?.durable()
    this.#boundary()
  }

  #boundary(): void {
    if (!this.#soft.signal.aborted) return
    this.abort()
    throw this.#reason
  }
}

/** Whether the error says no more than that the run was interrupted: its reason, or what a wait makes of it. */
function isAbortOf(reason: TaskInterruptedError | undefined, error: unknown): boolean {
  if (reason === undefined) return false
  if (error === reason) return true
  return error instanceof Error && (error.name === 'AbortError' || error.cause === reason)
}

/** A class, since an object with a getter of its own has a shape of its own, which keeps it until a full collection. */
class ProgressOfRun<TProgress> implements Progress<TProgress> {
  constructor(
    private readonly read: () => TProgress | undefined,
    readonly set: Progress<TProgress>['set'],
  ) {}

  get value(): TProgress | undefined {
    return this.read()
  }
}

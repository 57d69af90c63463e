import type { ActorLogic, NonReducibleUnknown } from 'xstate'
import { checkOptions, isFunction, shown } from '../errors/option-checks.js'
import { InvalidOptionError } from '../errors/options.js'
import { workPortOf } from '../service/work.js'
import { RETRY, type RetryOptions } from './retry.js'
import { TaskRun, type TaskScope } from './run.js'
import { newTask, nextTask, type TaskEvent, type TaskSnapshot } from './snapshot.js'

/** The actor logic that `task` makes. */
export type TaskLogic<TOutput, TInput, TProgress> = ActorLogic<
  TaskSnapshot<TOutput, TInput, TProgress>,
  TaskEvent,
  TInput
>

const tasks = new WeakSet<object>()

/**
 * Long work that goes on from its last step.
 *
 * It is an ordinary actor logic: invoke or spawn it in any machine, with `onDone` and `onError`. Inside a
 * service each step's result and each progress is durable before the next line runs, and after an
 * interruption the function runs again from the top, reading from the checkpoint what is done. So keep
 * everything that acts inside steps (or between two `progress.set`), and use `key` for what must not happen
 * twice: a step cut off by kill -9 runs again, with the same key.
 *
 * When the service is interrupted, the scope's `interruption` is aborted at once, so that waits can end early, and
 * the next step or progress ends the run; at the deadline `signal` is aborted. The next run has both signals anew.
 *
 * In plain XState it runs too, without durability.
 *
 * @param body the work; its result becomes the actor's output
 * @param options `retry`: how steps are tried again when they fail (default: not at all)
 * @throws {InvalidOptionError} the body is no function, or an option says nothing; inside the task, a step's name or options do
 * @throws {DuplicateStepError} inside the task, when a step's name comes twice
 * @throws {TaskInterruptedError} inside the task, at a step's boundary after an interruption, and at a step or progress that was
 * not awaited and comes after the task's end
 *
 * @example
 * ```ts
 * const greet = task(async ({ input, step, key }: TaskScope<{ name: string }>) => {
 *   const text = await step('compose', () => `Hello ${input.name}`)
 *   await step('send', () => post(text, { idempotencyKey: key('send') }), { retry: { retries: 5 } })
 *   return text
 * })
 * ```
 */
export function task<TOutput, TInput = NonReducibleUnknown, TProgress = unknown>(
  body: (scope: TaskScope<TInput, TProgress>) => Promise<TOutput> | TOutput,
  options: { readonly retry?: RetryOptions } = {},
): TaskLogic<TOutput, TInput, TProgress> {
  if (!isFunction(body))
    throw new InvalidOptionError('of task', shown(body), 'the function that does the work')
  checkOptions('task', options, { retry: RETRY })
  const runs = new WeakMap<object, TaskRun<TOutput, TInput, TProgress>>()
  const logic: TaskLogic<TOutput, TInput, TProgress> = {
    // Inspectors read the author's function here, as of XState's own logics; the testing kit runs it as this does.
    ...{ config: body, retry: options.retry },
    getInitialSnapshot: (_, input) => newTask(input),
    getPersistedSnapshot: (snapshot) => snapshot,
    // Written by `getPersistedSnapshot`.
    restoreSnapshot: (snapshot) => snapshot as TaskSnapshot<TOutput, TInput, TProgress>,
    transition: (snapshot, event, { self }) => {
      if (event.type === 'xstate.stop') runs.get(self)?.abort()
      return nextTask(snapshot, event)
    },
    start: (snapshot, { self, system }) => {
      if (snapshot.status !== 'active') return
      const port = workPortOf(system)
      const run = new TaskRun<TOutput, TInput, TProgress>({
        // An active task has the input that it was started with.
        input: snapshot.input as TInput,
        steps: snapshot.steps,
        progress: snapshot.progress,
        key: port?.keyOf(self) ?? self.id,
        retry: options.retry ?? {},
        port,
        tell: (event) => self.send(event),
      })
      runs.set(self, run)
      void run.run(body)
    },
  }
  tasks.add(logic)
  return logic
}

/** Whether `task` made this logic. */
export function isTask(logic: object): boolean {
  return tasks.has(logic)
}

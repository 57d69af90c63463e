import type { AnyActorLogic } from 'xstate'
import type { RetryOptions } from '../../task/retry.js'
import type { Step, TaskScope } from '../../task/run.js'
import { task } from '../../task/task.js'
import { asked, askedWith, due, neverAnswered, outcome } from './driven.js'
import type { Answers } from './drivers.js'
import type { Done } from './outside.js'
import { OwnTime } from './own-time.js'
import type { OnStage } from './stand-ins.js'

/** The task as written, but for those steps, and watched for whether it waits for what is not the kit's. */
export function drivenSteps(
  name: string,
  logic: AnyActorLogic,
  steps: Readonly<Record<string, Answers>>,
  { stage, fresh, onStart, onStep, onOwnTime }: OnStage,
): AnyActorLogic {
  // `task` shows its function as XState's own logics do, and its retries.
  const { config: body, retry = {} } = logic as unknown as {
    readonly config: (scope: TaskScope) => unknown
    readonly retry?: RetryOptions
  }
  const watched = async (scope: TaskScope) => {
    onStart(name)
    const time = new OwnTime(stage(), scope.interruption, () => onOwnTime(name))
    const step: Step = (part, run, options) => {
      onStep(name, part)
      const done = (key: string): Done => ({
        key,
        name: part,
        what: askedWith(part, scope.input),
        isStep: true,
      })
      const answers = Object.hasOwn(steps, part) ? steps[part] : undefined
      if (answers === undefined) {
        const noted: typeof run = async (at) => {
          if (!stage().outside.did(done(at.key))) return neverAnswered()
          return time.watch(() => run(at))
        }
        return time.during(scope.step(part, noted, options))
      }
      const ask = async ({ key }: { readonly key: string }) => {
        const answer = await asked(stage(), answers, done(key))
        await due(stage(), key, answer, scope.interruption)
        return outcome(fresh(answer))
      }
      // What the author's step has returned is what the driver says. A wait before a retry would be a real one.
      return time.during(scope.step(part, ask as typeof run, { retry: {} }))
    }
    const progress: TaskScope['progress'] = {
      get value() {
        return scope.progress.value
      },
      set: (value) => time.during(scope.progress.set(value)),
    }
    return time.watch(() => body({ ...scope, step, progress }))
  }
  return task(watched, { retry })
}

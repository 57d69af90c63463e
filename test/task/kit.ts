import { defineService, type TaskScope, task } from 'tardigrade'
import { type AnyActorLogic, type AnyStateMachine, assign, setup } from 'xstate'
import { Life } from '../kit/kill.js'

/** A machine that does one task and keeps its result, or its error. */
export function worker(work: AnyActorLogic, input: unknown = undefined) {
  return setup({
    actors: { work },
    types: { context: {} as { result: unknown; error: unknown }, events: {} as { type: 'CANCEL' } },
  }).createMachine({
    context: { result: undefined, error: undefined },
    initial: 'working',
    states: {
      working: {
        invoke: {
          src: 'work',
          id: 'work',
          input: input as never,
          onDone: { target: 'done', actions: assign({ result: ({ event }) => event.output as unknown }) },
          onError: { target: 'failed', actions: assign({ error: ({ event }) => event.error }) },
        },
        on: { CANCEL: 'cancelled' },
      },
      done: {},
      failed: {},
      cancelled: {},
    },
  })
}

/** A service of one task, in a process that can be killed. */
export function lifeOf<TOutput, TInput = undefined, TProgress = unknown>(
  body: (scope: TaskScope<TInput, TProgress>) => Promise<TOutput> | TOutput,
  options: { readonly input?: TInput; readonly retry?: Parameters<typeof task>[1] } = {},
) {
  const machine = worker(task(body, options.retry) as AnyActorLogic, options.input)
  return new Life(
    defineService({ id: 'work', version: 1, machine: machine as typeof machine & AnyStateMachine }),
  )
}

/** A promise to be resolved by hand. */
export function gate<T = void>() {
  let open: (value: T) => void = () => {}
  let fail: (error: unknown) => void = () => {}
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve
    fail = reject
  })
  return { promise, open, fail }
}

import { and, assertEvent, assign, emit, type Snapshot, setup } from 'xstate'
import { durableHolds, type Hold, hasHold, holdNames, PROGRAM, withHold, withoutHold } from './holds.js'

/** What the lifecycle knows of its service. */
export interface LifecycleContext {
  readonly key: string
  /** Interruptions in force, each once. */
  readonly holds: readonly string[]
  /** Each of them with who has set it: the same one may be set by several, and each releases their own. */
  readonly holders: readonly Hold[]
  /** Whether `stop` was asked for. */
  readonly stopping: boolean
  /** Whether the tasks were told to stop, so that going on means starting them again. */
  readonly tasksTold: boolean
  /** When the interruption's grace ends, in milliseconds from the interruption. */
  readonly deadlineMs: number
  /** Number of the last `interrupt` or `checkpoint`: an answer to an earlier one counts for nothing. */
  readonly round: number
  /** Why the service failed; undefined elsewhere. */
  readonly failure: Error | undefined
}

/** What can happen to a service. */
export type LifecycleEvent =
  /** `by`: who sets or releases it, the program by default. */
  | { type: 'lifecycle.hold'; hold: string; by?: string; deadlineMs: number }
  | { type: 'lifecycle.release'; hold: string; by?: string }
  | { type: 'lifecycle.checkpoint' }
  | { type: 'lifecycle.stop'; deadlineMs: number }
  | { type: 'lifecycle.retry' }
  /** It slept, out of memory, and is needed. */
  | { type: 'lifecycle.wake' }
  | { type: 'lifecycle.revived' }
  | { type: 'lifecycle.durable'; round: number }
  | { type: 'lifecycle.finished' }
  | { type: 'lifecycle.failed'; error: Error }

/** What the lifecycle asks of the runtime. */
export type LifecycleCommand =
  /** Load, verify, migrate and revive; answer with `revived`, `finished` or `failed`. */
  | { type: 'revive' }
  /** Let the revived tree run. */
  | { type: 'run' }
  /** Tell the tasks, wait for them until the deadline, capture and commit; answer with `durable`. */
  | { type: 'interrupt'; deadlineMs: number; round: number }
  /** Capture and commit now; answer with `durable`. */
  | { type: 'checkpoint'; round: number }
  /** Apply what came into the inbox meanwhile: the tree runs on. */
  | { type: 'drain' }
  /** Take the tree out of memory; its checkpoint is durable. */
  | { type: 'letGo' }

const beginningContext = (input: {
  readonly key: string
  readonly holds: readonly Hold[]
}): LifecycleContext => ({
  key: input.key,
  holds: holdNames(input.holds),
  holders: input.holds,
  stopping: false,
  tasksTold: false,
  deadlineMs: 0,
  round: 0,
  failure: undefined,
})

function holdOf({ hold, by = PROGRAM }: { readonly hold: string; readonly by?: string }): Hold {
  return { name: hold, by }
}

/** The same list of names where they have not changed, so that observers can compare. */
function held({ holds }: LifecycleContext, holders: readonly Hold[]) {
  const names = holdNames(holders)
  const same = names.length === holds.length && names.every((name) => holds.includes(name))
  return { holders, holds: same ? holds : names }
}

/**
 * The lifecycle of every service: a pure XState machine that decides and emits commands.
 *
 * It is exported so that it can be drawn, simulated and inspected; in a service its commands are carried
 * out by the runtime, which answers with events.
 *
 * @example
 * ```ts
 * const lifecycle = createActor(lifecycleMachine, { input: { key: 'demo', holds: [] } })
 * lifecycle.on('revive', () => lifecycle.send({ type: 'lifecycle.revived' }))
 * lifecycle.start()
 * lifecycle.getSnapshot().value // 'running'
 * ```
 */
export const lifecycleMachine = setup({
  types: {
    context: {} as LifecycleContext,
    events: {} as LifecycleEvent,
    emitted: {} as LifecycleCommand,
    input: {} as { readonly key: string; readonly holds: readonly Hold[] },
  },
  actions: {
    revive: emit({ type: 'revive' }),
    run: emit({ type: 'run' }),
    letGo: emit({ type: 'letGo' }),
    addHold: assign(({ context, event }) => {
      assertEvent(event, 'lifecycle.hold')
      const { holders, holds } = held(context, withHold(context.holders, holdOf(event)))
      return { holders, holds, deadlineMs: event.deadlineMs }
    }),
    removeHold: assign(({ context, event }) => {
      assertEvent(event, 'lifecycle.release')
      return held(context, withoutHold(context.holders, holdOf(event)))
    }),
    askToStop: assign(({ event }) => {
      assertEvent(event, 'lifecycle.stop')
      return { stopping: true, deadlineMs: event.deadlineMs }
    }),
    keepFailure: assign(({ event }) => {
      assertEvent(event, 'lifecycle.failed')
      return { failure: event.error }
    }),
    // With it a stop that it kept from coming to its end: whoever asked for that was told.
    forgetFailure: assign({ failure: undefined, stopping: false }),
    nextRound: assign({ round: ({ context }) => context.round + 1 }),
    interrupt: emit(({ context: { deadlineMs, round } }) => ({ type: 'interrupt', deadlineMs, round })),
    drain: emit({ type: 'drain' }),
    tellTasks: assign({ tasksTold: true }),
    forgetTelling: assign({ tasksTold: false }),
    checkpoint: emit(({ context: { round } }) => ({ type: 'checkpoint', round })),
  },
  guards: {
    held: ({ context }) => context.holds.length > 0,
    free: ({ context }) => context.holds.length === 0,
    stopping: ({ context }) => context.stopping,
    tasksTold: ({ context }) => context.tasksTold,
    kept: ({ context, event }) =>
      event.type === 'lifecycle.release' &&
      hasHold(context.holders, holdOf(event)) &&
      durableHolds([holdOf(event)]).length > 0,
    outdated: ({ context, event }) => event.type === 'lifecycle.durable' && event.round !== context.round,
  },
}).createMachine({
  id: 'service',
  context: ({ input }) => beginningContext(input),
  initial: 'resuming',
  on: {
    'lifecycle.hold': { actions: 'addHold' },
    'lifecycle.release': { actions: 'removeHold' },
    'lifecycle.failed': { target: '.failed', actions: 'keepFailure' },
  },
  states: {
    resuming: {
      description: 'Loading, verifying, migrating and reviving the checkpoint.',
      entry: ['forgetTelling', 'revive'],
      on: {
        'lifecycle.revived': [
          { guard: 'stopping', target: 'checkpointing', actions: ['nextRound', 'checkpoint'] },
          { guard: 'held', target: 'paused' },
          { target: 'running', actions: 'run' },
        ],
        'lifecycle.finished': 'done',
        'lifecycle.stop': { actions: 'askToStop' },
      },
    },
    running: {
      description: 'The machine takes events; every change is on its way to the store.',
      on: {
        'lifecycle.hold': {
          target: 'checkpointing',
          actions: ['addHold', 'tellTasks', 'nextRound', 'interrupt'],
        },
        'lifecycle.stop': {
          target: 'checkpointing',
          actions: ['askToStop', 'tellTasks', 'nextRound', 'interrupt'],
        },
        'lifecycle.checkpoint': { target: 'checkpointing', actions: ['nextRound', 'checkpoint'] },
        'lifecycle.wake': 'resuming',
        'lifecycle.finished': 'done',
      },
    },
    checkpointing: {
      description: 'Waiting for the tasks to reach a step and for the checkpoint to be durable.',
      on: {
        // Each with its own deadline: the earliest counts.
        'lifecycle.hold': { actions: ['addHold', 'tellTasks', 'nextRound', 'interrupt'] },
        'lifecycle.stop': { actions: ['askToStop', 'tellTasks', 'nextRound', 'interrupt'] },
        // What is on its way to the store may name the hold that is gone.
        'lifecycle.release': [
          { guard: and(['kept', 'tasksTold']), actions: ['removeHold', 'nextRound', 'interrupt'] },
          { guard: 'kept', actions: ['removeHold', 'nextRound', 'checkpoint'] },
          { actions: 'removeHold' },
        ],
        'lifecycle.durable': [
          // The answer to an earlier round.
          { guard: 'outdated' },
          { guard: 'stopping', target: 'stopped' },
          { guard: 'held', target: 'paused' },
          { guard: 'tasksTold', target: 'resuming', actions: 'letGo' },
          { target: 'running', actions: 'drain' },
        ],
        'lifecycle.finished': 'done',
      },
    },
    paused: {
      description: 'Durable and at rest while something holds it; events go to the inbox.',
      entry: 'letGo',
      on: {
        'lifecycle.stop': { target: 'checkpointing', actions: ['askToStop', 'nextRound', 'checkpoint'] },
      },
      always: { guard: 'free', target: 'resuming' },
    },
    failed: {
      description: 'An error ended it; the last good checkpoint is kept.',
      entry: 'letGo',
      on: {
        'lifecycle.retry': { target: 'resuming', actions: 'forgetFailure' },
        'lifecycle.stop': { target: 'stopped', actions: 'askToStop' },
        'lifecycle.failed': {},
      },
    },
    stopped: { type: 'final', description: 'Durable; another start goes on from here.', entry: 'letGo' },
    done: { type: 'final', description: 'The machine reached its end.', entry: 'letGo' },
  },
})

/**
 * The snapshot in which every lifecycle begins, with the command `revive` given. Restoring it costs a third of
 * computing it anew, and there may be very many services.
 */
export function beginningLifecycle(key: string, holds: readonly Hold[]): Snapshot<unknown> {
  const context = beginningContext({ key, holds })
  const beginning = { status: 'active', value: 'resuming', context, historyValue: {}, children: {} }
  // As `getPersistedSnapshot` of such a snapshot: XState's type of it leaves out what only machines have.
  return beginning as unknown as Snapshot<unknown>
}

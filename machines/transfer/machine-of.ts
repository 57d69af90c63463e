import type { TaskLogic } from 'tardigrade'
import { assign, setup } from 'xstate'
import type { CopyInput } from './copy.js'
import type { TransferInput, TransferPlan } from './input.js'
import type { TransferJob } from './measure.js'
import { backoffMs, type Problem, passes, problemOf, spoils } from './problem.js'
import type { VerifyInput } from './verify.js'

export interface TransferContext {
  readonly plan: TransferPlan
  /** Undefined until the source was measured. */
  readonly job: TransferJob | undefined
  /** Safe at the target. */
  readonly bytesDone: number
  /** Failures in a row. */
  readonly attempts: number
  /** The last one; undefined when it went on since. */
  readonly problem: Problem | undefined
  readonly sha256: string | undefined
}

export type TransferEvent =
  /** Tries again at once: while it waits, and after a failure that somebody has mended. */
  | { readonly type: 'RETRY' }
  /** Gives up and takes the unfinished copy away. */
  | { readonly type: 'CANCEL' }

export type TransferOutput =
  | { readonly status: 'done'; readonly place: string; readonly bytes: number; readonly sha256: string }
  | { readonly status: 'cancelled' }

/** What a platform does for a transfer. */
export interface TransferWork {
  /** The input with its defaults. @throws {RangeError} a number is out of its range */
  readonly planOf: (input: TransferInput) => TransferPlan
  readonly measure: TaskLogic<TransferJob, { plan: TransferPlan; known: TransferJob | undefined }, unknown>
  readonly copy: TaskLogic<void, CopyInput, number>
  /** Gives the SHA-256 of source and copy. */
  readonly verify: TaskLogic<string, VerifyInput, unknown>
  readonly discard: TaskLogic<void, { place: string | undefined }, unknown>
}

/** What no state is entered without. */
function jobOf({ job }: TransferContext): TransferJob {
  if (job === undefined) throw new Error('The source was not measured.')
  return job
}

/** The machine of a transfer, over what a platform does for it. */
export const transferMachineOf = ({ planOf, ...actors }: TransferWork) =>
  setup({
    types: {
      context: {} as TransferContext,
      events: {} as TransferEvent,
      input: {} as TransferInput,
      output: {} as TransferOutput,
    },
    actors,
    actions: {
      noteProgress: assign(({ context }, { bytesDone }: { bytesDone: number | undefined }) => {
        if (bytesDone === undefined || bytesDone === context.bytesDone) return {}
        return { bytesDone, attempts: 0, problem: undefined }
      }),
      noteProblem: assign(({ context }, { error }: { error: unknown }) => ({
        problem: problemOf(error),
        attempts: context.attempts + 1,
      })),
      forgiveProblem: assign(({ context }) => ({
        attempts: 0,
        problem: undefined,
        ...(context.problem !== undefined && spoils(context.problem) ? { job: undefined, bytesDone: 0 } : {}),
      })),
    },
    guards: {
      passes: ({ context }) => context.problem !== undefined && passes(context.problem),
    },
    delays: {
      backoff: ({ context: { attempts, problem } }) => backoffMs(attempts, problem),
    },
  }).createMachine({
    id: 'transfer',
    context: ({ input }) => ({
      plan: planOf(input),
      job: undefined,
      bytesDone: 0,
      attempts: 0,
      problem: undefined,
      sha256: undefined,
    }),
    initial: 'measuring',
    states: {
      measuring: {
        description: 'Looks at the source, and whether it is still what it was.',
        invoke: {
          src: 'measure',
          input: ({ context: { plan, job } }) => ({ plan, known: job }),
          onDone: { target: 'copying', actions: assign({ job: ({ event }) => event.output }) },
          onError: {
            target: 'stumbled',
            actions: { type: 'noteProblem', params: ({ event: { error } }) => ({ error }) },
          },
        },
        on: { CANCEL: 'cancelling' },
      },
      copying: {
        description: 'Copies chunk by chunk; every chunk is durable.',
        invoke: {
          src: 'copy',
          input: ({ context }) => ({ plan: context.plan, job: jobOf(context), bytesDone: context.bytesDone }),
          onSnapshot: {
            actions: {
              type: 'noteProgress',
              params: ({ event }) => ({ bytesDone: event.snapshot.progress }),
            },
          },
          onDone: 'verifying',
          onError: {
            target: 'stumbled',
            actions: { type: 'noteProblem', params: ({ event: { error } }) => ({ error }) },
          },
        },
        on: { CANCEL: 'cancelling' },
      },
      verifying: {
        description: 'Compares SHA-256 of source and copy, then gives the copy its name.',
        invoke: {
          src: 'verify',
          input: ({ context }) => ({ plan: context.plan, job: jobOf(context) }),
          onDone: {
            target: 'done',
            actions: assign({ sha256: ({ event }) => event.output, problem: undefined, attempts: 0 }),
          },
          onError: {
            target: 'stumbled',
            actions: { type: 'noteProblem', params: ({ event: { error } }) => ({ error }) },
          },
        },
        on: { CANCEL: 'cancelling' },
      },
      stumbled: {
        always: [{ guard: 'passes', target: 'waiting' }, { target: 'failed' }],
      },
      waiting: {
        description: 'The network or the server failed; it tries again by itself, later each time.',
        after: { backoff: 'measuring' },
        on: { RETRY: 'measuring', CANCEL: 'cancelling' },
      },
      failed: {
        description: 'Somebody must mend something, then send RETRY.',
        on: { RETRY: { target: 'measuring', actions: 'forgiveProblem' }, CANCEL: 'cancelling' },
      },
      cancelling: {
        description: 'Takes the unfinished copy away.',
        invoke: {
          src: 'discard',
          input: ({ context }) => ({ place: context.job?.place }),
          onDone: 'cancelled',
          onError: {
            target: 'cancelled',
            actions: { type: 'noteProblem', params: ({ event: { error } }) => ({ error }) },
          },
        },
      },
      cancelled: { type: 'final' },
      done: { type: 'final' },
    },
    output: ({ context }): TransferOutput =>
      context.sha256 === undefined
        ? { status: 'cancelled' }
        : {
            status: 'done',
            place: jobOf(context).place,
            bytes: jobOf(context).facts.size,
            sha256: context.sha256,
          },
  })

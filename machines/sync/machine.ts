import { assign, emit, setup } from 'xstate'
import { backoffMs } from '../outbox/policy.js'
import { type ConflictPolicy, resolverOf } from './conflict.js'
import { type Count, makePull, makePush, type Outcome, type SyncOptions, type Work } from './tasks.js'

/** What a sync is started with. */
export interface SyncInput<TPolicy extends string = never> {
  /** Where the server's changes are read and ours are sent. */
  readonly url: string
  /** Path of the SQLite file. */
  readonly database: string
  /** Name of the table that is kept in step. */
  readonly table: string
  readonly policy: ConflictPolicy | TPolicy
  /** Delay between two syncs, in ms. Default 60,000. */
  readonly everyMs?: number
  /** Rows asked for at once. Default 100. */
  readonly pageSize?: number
  /** How long one request may take, in ms. Default 30,000. */
  readonly timeoutMs?: number
  /** Delay after the first failure, in ms; it doubles with each further one. Default 1,000. */
  readonly baseDelayMs?: number
  /** Longest delay after a failure, in ms; `Retry-After` may ask for more. Default 900,000. */
  readonly maxDelayMs?: number
}

/** `SYNC_NOW`: don't wait, whatever you wait for. */
export type SyncEvent = { readonly type: 'SYNC_NOW' }

/** What a sync tells. */
export type SyncEmitted =
  | { readonly type: 'synced'; readonly pulled: number; readonly pushed: number; readonly conflicts: number }
  /** `isPermanent`: it will not try again before a `SYNC_NOW`. */
  | { readonly type: 'failed'; readonly reason: string; readonly isPermanent: boolean }

/** What a sync knows of itself. */
export interface SyncContext {
  readonly work: Work
  readonly timing: { readonly everyMs: number; readonly baseDelayMs: number; readonly maxDelayMs: number }
  /** A `SYNC_NOW` came while one was under way, which may have seen too little already. */
  readonly again: boolean
  /** What this sync has done up to now. */
  readonly pushed: Count
  readonly pulled: Count
  /** Failures since the last sync that ended well, and the last one's reason. */
  readonly failures: number
  readonly reason: string | undefined
  readonly isPermanent: boolean
  readonly retryAfterMs: number
}

const NOTHING: Count = { rows: 0, conflicts: 0 }

const plus = (count: Count, outcome: Outcome): Count =>
  outcome.kind === 'failed'
    ? count
    : { rows: count.rows + outcome.count.rows, conflicts: count.conflicts + outcome.count.conflicts }

/** The sync itself: pushes, pulls, rests; on failure backs off, or waits for somebody. */
export function makeSyncMachine<TPolicy extends string>(options: SyncOptions) {
  return setup({
    types: {
      context: {} as SyncContext,
      events: {} as SyncEvent,
      emitted: {} as SyncEmitted,
      input: {} as SyncInput<TPolicy>,
    },
    actors: { push: makePush(options), pull: makePull(options) },
    guards: {
      hasFailed: (_, outcome: Outcome) => outcome.kind === 'failed',
      isPending: (_, outcome: Outcome) => outcome.kind === 'done' && outcome.isPending,
      isPermanent: ({ context }) => context.isPermanent,
      isWantedAgain: ({ context }) => context.again,
    },
    actions: {
      begin: assign({ again: false, pushed: NOTHING, pulled: NOTHING }),
      wantAgain: assign({ again: true }),
      addPushed: assign(({ context }, outcome: Outcome) => ({ pushed: plus(context.pushed, outcome) })),
      addPulled: assign(({ context }, outcome: Outcome) => ({ pulled: plus(context.pulled, outcome) })),
      countFailure: assign(({ context }, outcome: Outcome) =>
        outcome.kind === 'failed' ? { ...outcome.failure, failures: context.failures + 1 } : {},
      ),
      forgetFailures: assign({ failures: 0, reason: undefined, isPermanent: false, retryAfterMs: 0 }),
      announceFailure: emit(
        ({ context: { reason = '', isPermanent } }): SyncEmitted => ({
          type: 'failed',
          reason,
          isPermanent,
        }),
      ),
      announceSynced: emit(
        ({ context: { pushed, pulled } }): SyncEmitted => ({
          type: 'synced',
          pulled: pulled.rows,
          pushed: pushed.rows,
          conflicts: pushed.conflicts + pulled.conflicts,
        }),
      ),
    },
    delays: {
      interval: ({ context }) => context.timing.everyMs,
      backoff: ({ context: { timing, failures, work, retryAfterMs } }) =>
        backoffMs(timing, failures, `${work.url}#${work.table}`, retryAfterMs),
    },
  }).createMachine({
    id: 'sync',
    context: ({ input }) => {
      const { url, database, table, policy, pageSize = 100, timeoutMs = 30_000 } = input
      const { everyMs = 60_000, baseDelayMs = 1000, maxDelayMs = 900_000 } = input
      // A policy that does not exist must not wait for the first conflict to be found out.
      resolverOf(policy, options.policies)
      return {
        work: { url, database, table, policy, pageSize, timeoutMs },
        timing: { everyMs, baseDelayMs, maxDelayMs },
        again: false,
        pushed: NOTHING,
        pulled: NOTHING,
        failures: 0,
        reason: undefined,
        isPermanent: false,
        retryAfterMs: 0,
      }
    },
    initial: 'syncing',
    states: {
      syncing: {
        initial: 'pushing',
        entry: 'begin',
        on: { SYNC_NOW: { actions: 'wantAgain' } },
        states: {
          pushing: {
            description:
              'Before pulling, so that a change whose answer was lost is not met as somebody else’s.',
            invoke: {
              src: 'push',
              input: ({ context }) => context.work,
              onDone: [
                {
                  guard: { type: 'hasFailed', params: ({ event }) => event.output },
                  target: '#sync.failing',
                  actions: { type: 'countFailure', params: ({ event }) => event.output },
                },
                { target: 'pulling', actions: { type: 'addPushed', params: ({ event }) => event.output } },
              ],
            },
          },
          pulling: {
            invoke: {
              src: 'pull',
              input: ({ context }) => context.work,
              onDone: [
                {
                  guard: { type: 'hasFailed', params: ({ event }) => event.output },
                  target: '#sync.failing',
                  actions: { type: 'countFailure', params: ({ event }) => event.output },
                },
                {
                  guard: { type: 'isPending', params: ({ event }) => event.output },
                  target: 'pushing',
                  actions: { type: 'addPulled', params: ({ event }) => event.output },
                },
                {
                  target: '#sync.synced',
                  actions: { type: 'addPulled', params: ({ event }) => event.output },
                },
              ],
            },
          },
        },
      },
      synced: {
        entry: ['forgetFailures', 'announceSynced'],
        always: [{ guard: 'isWantedAgain', target: 'syncing' }, { target: 'resting' }],
      },
      failing: {
        entry: 'announceFailure',
        always: [{ guard: 'isPermanent', target: 'blocked' }, { target: 'backingOff' }],
      },
      resting: {
        on: { SYNC_NOW: 'syncing' },
        after: { interval: 'syncing' },
      },
      backingOff: {
        on: { SYNC_NOW: 'syncing' },
        after: { backoff: 'syncing' },
      },
      blocked: {
        description: 'The server refuses, and will again: somebody must see to it and send SYNC_NOW.',
        on: { SYNC_NOW: 'syncing' },
      },
    },
  })
}

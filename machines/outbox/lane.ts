import { assign, sendParent, setup } from 'xstate'
import { type DeliveryOptions, makeDeliver, type Outcome } from './deliver.js'
import type { DeadLetter, Notification } from './notification.js'
import { backoffMs, type Policy } from './policy.js'
import { type QuietHours, quietForMs } from './quiet-hours.js'

export interface LaneInput {
  readonly policy: Policy
  readonly quietHours: QuietHours | undefined
}

export interface Waiting {
  readonly notification: Notification
  readonly tries: number
}

export interface LaneContext extends LaneInput {
  /** In the order of arrival. */
  readonly queue: readonly Waiting[]
  /** The one that is being tried. */
  readonly current: Waiting | undefined
  readonly retryAfterMs: number
}

/** What a lane tells the outbox. */
export type LaneReport =
  | { readonly type: 'lane.delivered'; readonly notification: Notification; readonly tries: number }
  | { readonly type: 'lane.dead'; readonly letter: DeadLetter }

/** The way to one endpoint: one notification at a time, each until it is delivered or dead. */
export function makeLane(options: DeliveryOptions) {
  return setup({
    types: {
      context: {} as LaneContext,
      events: {} as { readonly type: 'ADD'; readonly notification: Notification },
      input: {} as LaneInput,
    },
    actors: { deliver: makeDeliver(options) },
    guards: {
      hasCurrent: ({ context }) => context.current !== undefined,
      isEmpty: ({ context }) => context.queue.length === 0,
      isDelivered: (_, outcome: Outcome) => outcome.kind === 'delivered',
      isHopeless: ({ context }, outcome: Outcome) =>
        outcome.kind === 'refused' || currentOf(context).tries >= context.policy.maxTries,
    },
    actions: {
      add: assign(({ context, event }) => ({
        queue: [...context.queue, { notification: event.notification, tries: 0 }],
      })),
      // The clock is read here and not in guards, which could see another minute than the action after them.
      choose: assign(({ context }) => ({
        current:
          quietForMs(context.quietHours, options.now()) > 0
            ? context.queue.find(({ notification }) => notification.urgent)
            : context.queue[0],
      })),
      countTry: assign(({ context }) => {
        const before = currentOf(context)
        const current = { ...before, tries: before.tries + 1 }
        return { current, queue: context.queue.map((other) => (isSame(other, before) ? current : other)) }
      }),
      drop: assign(({ context }) => ({
        queue: context.queue.filter((other) => !isSame(other, currentOf(context))),
        current: undefined,
      })),
      keepRetryAfter: assign((_, outcome: Outcome) => ({
        retryAfterMs: outcome.kind === 'failed' ? outcome.retryAfterMs : 0,
      })),
      tellDelivered: sendParent(
        ({ context }): LaneReport => ({ type: 'lane.delivered', ...currentOf(context) }),
      ),
      tellDead: sendParent(({ context }, outcome: Outcome): LaneReport => {
        const reason = outcome.kind === 'delivered' ? '' : outcome.reason
        return { type: 'lane.dead', letter: { ...currentOf(context), reason } }
      }),
    },
    delays: {
      backoff: ({ context }) => {
        const { notification, tries } = currentOf(context)
        return backoffMs(context.policy, tries, notification.id, context.retryAfterMs)
      },
      endOfQuietHours: ({ context }) => quietForMs(context.quietHours, options.now()),
    },
  }).createMachine({
    id: 'lane',
    context: ({ input }) => ({ ...input, queue: [], current: undefined, retryAfterMs: 0 }),
    initial: 'idle',
    on: { ADD: { actions: 'add' } },
    states: {
      idle: {
        on: { ADD: { target: 'choosing', actions: 'add' } },
      },
      choosing: {
        entry: 'choose',
        always: [
          { guard: 'hasCurrent', target: 'sending' },
          { guard: 'isEmpty', target: 'idle' },
          { target: 'quiet' },
        ],
      },
      sending: {
        entry: 'countTry',
        invoke: {
          src: 'deliver',
          input: ({ context }) => ({
            notification: currentOf(context).notification,
            timeoutMs: context.policy.timeoutMs,
          }),
          onDone: [
            {
              guard: { type: 'isDelivered', params: ({ event }) => event.output },
              target: 'choosing',
              actions: ['tellDelivered', 'drop'],
            },
            {
              guard: { type: 'isHopeless', params: ({ event }) => event.output },
              target: 'choosing',
              actions: [{ type: 'tellDead', params: ({ event }) => event.output }, 'drop'],
            },
            {
              target: 'backingOff',
              actions: { type: 'keepRetryAfter', params: ({ event }) => event.output },
            },
          ],
        },
      },
      backingOff: {
        description: 'The endpoint failed, and is left alone for a while.',
        after: { backoff: 'choosing' },
      },
      quiet: {
        description: 'What waits is not urgent, and these are quiet hours.',
        on: { ADD: { target: 'choosing', actions: 'add' } },
        after: { endOfQuietHours: 'choosing' },
      },
    },
  })
}

function currentOf({ current }: LaneContext): Waiting {
  if (current === undefined) throw new Error('A lane sends and waits only with a current notification.')
  return current
}

/** Objects do not keep their identity through a checkpoint; ids do. */
function isSame(one: Waiting, other: Waiting): boolean {
  return one.notification.id === other.notification.id
}

import { assign, emit, enqueueActions, setup } from 'xstate'
import type { DeliveryOptions } from './deliver.js'
import { type LaneReport, makeLane } from './lane.js'
import { type DeadLetter, endpointOf, isNotification, type Notification } from './notification.js'
import { DEFAULT_POLICY, type Policy } from './policy.js'
import { type QuietHours, quietForMs } from './quiet-hours.js'

/** What an outbox is started with. */
export interface OutboxInput {
  readonly policy?: Partial<Policy>
  /** Other policies for some endpoints, by origin and path: `https://example.org/hook`. */
  readonly endpoints?: Readonly<Record<string, Partial<Policy>>>
  readonly quietHours?: QuietHours
  /** How many notifications may wait or be dead letters at once. Default 1,000. */
  readonly capacity?: number
}

/** What an outbox is told. */
export type OutboxEvent =
  | ({ readonly type: 'ENQUEUE' } & Notification)
  /** Tries a dead letter again, at the end of its endpoint's queue; without an id, all of them. */
  | { readonly type: 'REDELIVER'; readonly id?: string }
  /** Forgets a dead letter; without an id, all of them. */
  | { readonly type: 'DISCARD'; readonly id?: string }

/** What an outbox tells. */
export type OutboxEmitted =
  | { readonly type: 'delivered'; readonly id: string; readonly url: string; readonly tries: number }
  | { readonly type: 'dead'; readonly id: string; readonly reason: string; readonly tries: number }
  /** It was not taken: `known` when its id waits, is a dead letter or was delivered a short while ago. */
  | { readonly type: 'refused'; readonly id: string; readonly reason: 'invalid' | 'known' | 'full' }

export interface OutboxContext {
  readonly input: OutboxInput
  /** Endpoints of the notifications that wait, by id. */
  readonly waiting: ReadonlyMap<string, string>
  readonly dead: readonly DeadLetter[]
  /** Ids of those delivered last, so that a late duplicate is recognised. */
  readonly delivered: readonly string[]
}

const REMEMBERED = 256

/** The outbox itself: takes notifications, opens a lane for each endpoint, keeps the dead letters. */
export function makeOutboxMachine(options: DeliveryOptions) {
  return setup({
    types: {
      context: {} as OutboxContext,
      events: {} as OutboxEvent | LaneReport,
      emitted: {} as OutboxEmitted,
      input: {} as OutboxInput | undefined,
    },
    actors: { lane: makeLane(options) },
    guards: {
      isInvalid: (_, notification: Notification) => !isNotification(notification),
      isKnown: ({ context }, { id }: Notification) =>
        context.waiting.has(id) ||
        context.delivered.includes(id) ||
        context.dead.some(({ notification }) => notification.id === id),
      isFull: ({ context }) => context.waiting.size + context.dead.length >= (context.input.capacity ?? 1000),
      nothingWaits: ({ context }) => context.waiting.size === 0,
      somethingWaits: ({ context }) => context.waiting.size > 0,
    },
    actions: {
      refuse: emit(
        (_, params: { id: string; reason: 'invalid' | 'known' | 'full' }): OutboxEmitted => ({
          type: 'refused',
          ...params,
        }),
      ),
      hand: enqueueActions(({ context, enqueue }, notifications: readonly Notification[]) => {
        const waiting = new Map(context.waiting)
        const open = new Set(waiting.values())
        for (const notification of notifications) {
          const endpoint = endpointOf(notification.url)
          if (!open.has(endpoint)) {
            const { policy, endpoints, quietHours } = context.input
            const input = { policy: { ...DEFAULT_POLICY, ...policy, ...endpoints?.[endpoint] }, quietHours }
            enqueue.spawnChild('lane', { id: endpoint, input })
          }
          enqueue.sendTo(endpoint, { type: 'ADD', notification })
          open.add(endpoint)
          waiting.set(notification.id, endpoint)
        }
        enqueue.assign({ waiting })
      }),
      release: enqueueActions(({ context, enqueue }, { id }: Notification) => {
        const waiting = new Map(context.waiting)
        const endpoint = waiting.get(id)
        waiting.delete(id)
        enqueue.assign({ waiting })
        if (endpoint !== undefined && ![...waiting.values()].includes(endpoint)) enqueue.stopChild(endpoint)
      }),
      remember: assign(({ context }, { id }: Notification) => ({
        delivered: [...context.delivered, id].slice(-REMEMBERED),
      })),
      bury: assign(({ context }, letter: DeadLetter) => ({ dead: [...context.dead, letter] })),
      unbury: assign(({ context }, id: string | undefined) => ({
        dead: context.dead.filter(({ notification }) => id !== undefined && notification.id !== id),
      })),
      announceDelivered: emit(
        (_, { notification, tries }: Omit<DeadLetter, 'reason'>): OutboxEmitted => ({
          type: 'delivered',
          id: notification.id,
          url: notification.url,
          tries,
        }),
      ),
      announceDead: emit(
        (_, { notification, reason, tries }: DeadLetter): OutboxEmitted => ({
          type: 'dead',
          id: notification.id,
          reason,
          tries,
        }),
      ),
    },
  }).createMachine({
    id: 'outbox',
    context: ({ input = {} }) => {
      // Quiet hours that cannot be read must not wait for the night to be found out.
      quietForMs(input.quietHours, 0)
      return { input, waiting: new Map(), dead: [], delivered: [] }
    },
    initial: 'idle',
    states: {
      idle: { always: { guard: 'somethingWaits', target: 'delivering' } },
      delivering: { always: { guard: 'nothingWaits', target: 'idle' } },
    },
    on: {
      ENQUEUE: [
        {
          guard: { type: 'isInvalid', params: ({ event }) => event },
          actions: { type: 'refuse', params: ({ event }) => ({ id: event.id, reason: 'invalid' }) },
        },
        {
          guard: { type: 'isKnown', params: ({ event }) => event },
          actions: { type: 'refuse', params: ({ event }) => ({ id: event.id, reason: 'known' }) },
        },
        {
          guard: 'isFull',
          actions: { type: 'refuse', params: ({ event }) => ({ id: event.id, reason: 'full' }) },
        },
        { actions: { type: 'hand', params: ({ event: { type: _, ...notification } }) => [notification] } },
      ],
      REDELIVER: {
        actions: [
          {
            type: 'hand',
            params: ({ context, event: { id } }) =>
              context.dead
                .map(({ notification }) => notification)
                .filter((notification) => id === undefined || notification.id === id),
          },
          { type: 'unbury', params: ({ event }) => event.id },
        ],
      },
      DISCARD: { actions: { type: 'unbury', params: ({ event }) => event.id } },
      'lane.delivered': {
        actions: [
          { type: 'release', params: ({ event }) => event.notification },
          { type: 'remember', params: ({ event }) => event.notification },
          { type: 'announceDelivered', params: ({ event }) => event },
        ],
      },
      'lane.dead': {
        actions: [
          { type: 'release', params: ({ event }) => event.letter.notification },
          { type: 'bury', params: ({ event }) => event.letter },
          { type: 'announceDead', params: ({ event }) => event.letter },
        ],
      },
    },
  })
}

import type { Service } from 'tardigrade'
import type { makeOutbox, OutboxEmitted } from '../../machines/outbox/index.js'
import { settle } from '../kit/clock.js'
import { faultyServer, type SeenRequest } from './http-server.js'

export type OutboxDefinition = ReturnType<typeof makeOutbox>
export type OutboxService = Service<OutboxDefinition['machine']>

/** A receiver that takes everything, unless it is told to fail. */
export const receiver = () => faultyServer(() => ({ status: 204 }))

/** What arrived whole, and in which order. */
export const keysOf = (requests: readonly SeenRequest[]) =>
  requests.filter(({ cutOff }) => !cutOff).map(({ headers }) => String(headers['idempotency-key']))

/** Resolves when the condition holds; real servers answer in their own time. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settle()
}

/** Names of the states that the lanes are in. */
export function lanesOf(service: OutboxService): unknown[] {
  return Object.values(service.machine.getSnapshot().children).map((lane) => lane?.getSnapshot().value)
}

export const contextOf = (service: OutboxService) => service.machine.getSnapshot().context

/** Everything that the outbox emits from now on. */
export function heard(service: OutboxService): OutboxEmitted[] {
  const events: OutboxEmitted[] = []
  service.machine.on('*', (event) => void events.push(event))
  return events
}

/** Nothing waits any more. */
export const isEmpty = (service: OutboxService) => service.machine.getSnapshot().value === 'idle'

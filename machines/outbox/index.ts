import { defineService } from 'tardigrade'
import type { DeliveryOptions } from './deliver.js'
import { makeOutboxMachine } from './machine.js'

export type { Credentials, DeliveryOptions } from './deliver.js'
export type { OutboxEmitted, OutboxEvent, OutboxInput } from './machine.js'
export type { DeadLetter, Notification } from './notification.js'
export type { Policy } from './policy.js'
export type { QuietHours } from './quiet-hours.js'

/**
 * A service that delivers notifications to HTTP endpoints, in order and with idempotency keys, through
 * failures, restarts and quiet hours.
 *
 * @param options `now`: the clock of quiet hours, `Date.now` by default; give it the clock that the
 * supervisor has. `credentials`: headers for each try that are not stored, none by default.
 *
 * @example
 * ```ts
 * const outbox = makeOutbox({ credentials: () => ({ Authorization: `Bearer ${process.env.HOOK_TOKEN}` }) })
 * const service = await supervisor.start(outbox, {
 *   input: { quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' } },
 * })
 * service.machine.on('dead', ({ id, reason }) => console.warn(id, reason))
 * await service.send({ type: 'ENQUEUE', id: 'invoice-7', url: 'https://example.org/hook', body: { paid: true } })
 * service.machine.getSnapshot().context.dead // what could not be delivered
 * await service.send({ type: 'REDELIVER', id: 'invoice-7' })
 * ```
 */
export function makeOutbox({ now = Date.now, credentials = () => ({}) }: Partial<DeliveryOptions> = {}) {
  return defineService({
    id: 'outbox',
    version: 1,
    machine: makeOutboxMachine({ now, credentials }),
    pauseOn: ['offline', 'low-battery'],
    // A wait that was promised to an endpoint ends when it would have ended, whatever happened meanwhile.
    timers: 'deadline',
  })
}

export default makeOutbox()

import type { ActorRecord } from '../checkpoint/record.js'
import type { MigrationSnapshot } from './migrations.js'

/**
 * Gives timers and actors the ids that they have in the next version of a machine, for a migration: XState names a timer of `after` by its
 * delay and its state (`xstate.after.1000.order.open`), and what is invoked without an id by its state (`0.order.open`). All else of a
 * timer stays, also when it is due. What an actor owes is owed by the one of the new id. What has none of these ids stays as it is.
 *
 * A reference to an actor that stands in the context leads to the former id, and is that of one that has ended.
 * @param ids from each former id to the one it has now
 *
 * @example
 * ```ts
 * // The state “open” is called “placed” now, and waits for 1,500 ms.
 * const migrations = {
 *   1: (snapshot: MigrationSnapshot) =>
 *     renameIds({ ...snapshot, value: 'placed' }, { 'xstate.after.1000.order.open': 'xstate.after.1500.order.placed' }),
 * }
 * ```
 */
export function renameIds(
  snapshot: MigrationSnapshot,
  ids: Readonly<Record<string, string>>,
): MigrationSnapshot {
  const now = (id: string): string => (Object.hasOwn(ids, id) ? (ids[id] as string) : id)
  const nowOf = (actor: ActorRecord): ActorRecord => ({
    ...actor,
    id: now(actor.id),
    ...(actor.children !== undefined && { children: actor.children.map(nowOf) }),
  })
  return {
    ...snapshot,
    children: snapshot.children.map(nowOf),
    timers: snapshot.timers.map((timer) => ({
      ...timer,
      id: now(timer.id),
      // As XState makes those of `after`; any other event bears a name of the author's.
      event: timer.event.type === timer.id ? { ...timer.event, type: now(timer.id) } : timer.event,
      source: timer.source.map(now),
      target: timer.target.map(now),
    })),
    ...(snapshot.outbox !== undefined && {
      outbox: snapshot.outbox.map((owed) => ({ ...owed, actor: owed.actor.map(now) })),
    }),
  }
}

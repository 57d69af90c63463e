import { type Actor, type SnapshotFrom, waitFor } from 'xstate'
import { CLOSING, type Hold, hasHold } from '../service/holds.js'
import type { lifecycleMachine } from '../service/lifecycle.js'

type Lifecycle = Actor<typeof lifecycleMachine>
type LifecycleSnapshot = SnapshotFrom<typeof lifecycleMachine>

const REST: ReadonlySet<LifecycleSnapshot['value']> = new Set(['paused', 'failed', 'stopped', 'done'])

/** Resolves with the first snapshot of which that is so; rejects with the failure where that is the one. */
async function until(
  lifecycle: Lifecycle,
  reached: (snapshot: LifecycleSnapshot) => boolean,
): Promise<LifecycleSnapshot> {
  // What was asked for in the middle of the lifecycle's own turn comes after it.
  await undefined
  const snapshot = await waitFor(lifecycle, reached)
  if (snapshot.value === 'failed') throw snapshot.context.failure
  return snapshot
}

/** Resolves in another state than this one, failures included. */
export async function leaves(lifecycle: Lifecycle, state: LifecycleSnapshot['value']): Promise<void> {
  await waitFor(lifecycle, ({ value }) => value !== state)
}

/** Resolves in one of the states; rejects with the failure. */
export async function reaches(
  lifecycle: Lifecycle,
  states: readonly LifecycleSnapshot['value'][],
): Promise<void> {
  await until(lifecycle, ({ value }) => value === 'failed' || states.includes(value))
}

/** Resolves when it rests because of the hold, or the hold is gone again; rejects with the failure. */
export async function restsUnder(lifecycle: Lifecycle, hold: Hold): Promise<void> {
  await until(lifecycle, ({ value, context }) => REST.has(value) || !hasHold(context.holders, hold))
}

/** Resolves with whether it goes on (or has come to its end) after a rest; rejects with the failure. */
export async function goesOn(lifecycle: Lifecycle): Promise<boolean> {
  const closing = { name: 'shutdown', by: CLOSING }
  const { value } = await until(
    lifecycle,
    ({ value, context }) =>
      value === 'running' || (REST.has(value) && value !== 'paused') || hasHold(context.holders, closing),
  )
  return value === 'running' || value === 'done'
}

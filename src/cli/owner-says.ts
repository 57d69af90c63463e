import { callControl } from '../control/call.js'
import type { CheckpointSummary } from '../ports/store.js'
import type { OwnerStatus } from './owner.js'

/** Keys asked of at once: also the longest ones fit a request. */
const AT_ONCE = 200

/** What the process that has a store open says of the services in it; nothing where it cannot be asked. */
export interface OwnerSays {
  /** Keys of those that are running in the store and that it has not begun: their timers do not fire. */
  readonly unbegun: ReadonlySet<string>
  /** What holds those that it has in memory, by key: checkpoints name only what outlives the process. */
  readonly held: ReadonlyMap<string, readonly string[]>
}

const NOTHING: OwnerSays = { unbegun: new Set(), held: new Map() }

/** Asks the owner of a store about services in it. */
export async function ownerSays(
  folder: string,
  owner: OwnerStatus,
  services: readonly Pick<CheckpointSummary, 'key' | 'phase'>[],
): Promise<OwnerSays> {
  if (owner.state !== 'alive' || !owner.answers) return NOTHING
  const running = new Set(services.filter(({ phase }) => phase === 'running').map(({ key }) => key))
  const unbegun = new Set<string>()
  const held = new Map<string, readonly string[]>()
  try {
    for (let at = 0; at < services.length; at += AT_ONCE) {
      const of = services.slice(at, at + AT_ONCE).map(({ key }) => key)
      const answer = await callControl(folder, { type: 'ping', of })
      for (const key of answer.unbegun ?? []) if (running.has(key)) unbegun.add(key)
      for (const { key, holds } of answer.held ?? []) held.set(key, holds)
    }
  } catch {
    // It has gone meanwhile, or is of a version that does not say.
    return NOTHING
  }
  return { unbegun, held }
}

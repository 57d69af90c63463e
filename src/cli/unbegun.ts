import { callControl } from '../control/call.js'
import type { CheckpointSummary } from '../ports/store.js'
import type { OwnerStatus } from './owner.js'

/** Keys asked of at once: also the longest ones fit a request. */
const AT_ONCE = 200

const NOBODY: ReadonlySet<string> = new Set()

/**
 * Keys of stored services that are running and that the store's owner has not begun: their timers do not fire. None
 * where it cannot be asked.
 */
export async function unbegunIn(
  folder: string,
  owner: OwnerStatus,
  services: readonly Pick<CheckpointSummary, 'key' | 'phase'>[],
): Promise<ReadonlySet<string>> {
  if (owner.state !== 'alive' || !owner.answers) return NOBODY
  const running = services.filter(({ phase }) => phase === 'running').map(({ key }) => key)
  const found: string[] = []
  try {
    for (let at = 0; at < running.length; at += AT_ONCE) {
      const of = running.slice(at, at + AT_ONCE)
      found.push(...((await callControl(folder, { type: 'ping', of })).unbegun ?? []))
    }
  } catch {
    // It has gone meanwhile, or is of a version that does not say.
    return NOBODY
  }
  return new Set(found)
}

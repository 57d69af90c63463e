import type { Service, Summary } from '../store/service.js'

/** Orders of the list beside that by key, as a person chooses them. */
export const ORDERS = { state: 'failed first', commit: 'newest first' } as const

/** Lifecycle states in the order in which one cares about them. */
const STATES = [
  'failed',
  'damaged',
  'unreadable',
  'older',
  'interrupted',
  'resuming',
  'checkpointing',
  'running',
  'unrecorded',
  'unsure',
  'paused',
  'asleep',
  'stopped',
  'done',
  'removed',
]

export function rank(state: string): number {
  const at = STATES.indexOf(state)
  return at === -1 ? STATES.length : at
}

/** Services that are sorted by key, in another order where one is wanted; those that are the same in it stay sorted by key. */
export function inOrder(
  services: readonly Service[],
  order: string | undefined,
  told: (service: Service) => Summary,
): readonly Service[] {
  const by = order === 'state' ? byState : order === 'commit' ? byCommit : undefined
  if (by === undefined) return services
  const placed = services.map((service) => [service, by(told(service))] as const)
  return placed.sort(([, a], [, b]) => a - b).map(([service]) => service)
}

const byState = ({ lifecycle }: Summary) => rank(lifecycle)
/** What was never committed comes last. */
const byCommit = ({ committedAtMs }: Summary) => -(committedAtMs ?? 0)

import type { EventObject } from 'xstate'
import { type Bounds, explore } from './explore.js'
import type { Step } from './steps.js'
import type { Twins } from './twins.js'

/**
 * Every state that the earlier version can reach, upgraded there, and everything that can come next.
 * @throws {UnverifiableError} there is no end of them
 */
export async function upgradePlans(
  service: string,
  twins: Twins,
  events: readonly EventObject[],
  bounds: Bounds,
): Promise<readonly (readonly Step[])[]> {
  const plans: (readonly Step[])[] = []
  for (const { path, lives } of (await explore(service, twins.ofEarlier, events, bounds)).values()) {
    // One that has ended cannot be interrupted.
    if (!lives) continue
    const upgraded: readonly Step[] = [...path, { do: 'upgrade' }]
    const present = (await twins.along(upgraded)).at(-1)
    const next: Step[] = present?.lives === true ? events.map((event) => ({ do: 'send', event })) : []
    if (present?.lives === true && present.nextMs !== undefined)
      next.push({ do: 'advance', ms: present.nextMs })
    plans.push(...(next.length === 0 ? [upgraded] : next.map((step) => [...upgraded, step])))
  }
  return plans
}

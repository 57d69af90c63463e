import type { Phase } from '../ports/store.js'
import type { Output } from './output.js'
import type { OwnerStatus } from './owner.js'

/** A stored phase as it is now. */
export function phaseText(phase: Phase, owner: OwnerStatus, unbegun: boolean): string {
  if (phase !== 'running' || isGoing(phase, owner, unbegun)) return phase
  return unbegun ? 'running (not begun)' : 'running (no process)'
}

/**
 * Whether its timers go on whatever their policy is: nothing runs where the process that had the store open is gone, or
 * where the one that has it has not begun the service.
 */
export function isGoing(phase: Phase, owner: OwnerStatus, unbegun: boolean): boolean {
  return phase === 'running' && owner.state === 'alive' && !unbegun
}

/** A state's text in its colour: what runs is green, what waits yellow, what failed red, what rests dim. */
export function phaseColor(output: Output, state: string | undefined, text: string): string {
  const { green, yellow, red, dim, cyan } = output.colors
  switch (state) {
    case 'running':
      return green(text)
    case 'done':
      return cyan(text)
    case 'failed':
      return red(text)
    case 'stopped':
      return dim(text)
    default:
      return yellow(text)
  }
}

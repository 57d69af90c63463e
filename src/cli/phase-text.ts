import type { Phase } from '../ports/store.js'
import type { Output } from './output.js'
import type { OwnerStatus } from './owner.js'

/** A stored phase as it is now. */
export function phaseText(phase: Phase, owner: OwnerStatus): string {
  return phase === 'running' && !isGoing(phase, owner) ? 'running (no process)' : phase
}

/** Whether its timers go on whatever their policy is: nothing runs where the process that had the store open is gone. */
export function isGoing(phase: Phase, owner: OwnerStatus): boolean {
  return phase === 'running' && owner.state === 'alive'
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

import { isOf } from '../is-of.js'
import { type CrashPoint, DUE_KINDS, type EventKind, type Step } from './steps.js'

/**
 * The step with that interruption around it; undefined: that kind needs an event, and time passes.
 * @param at where a crash comes
 */
export function around(
  kind: EventKind,
  at: CrashPoint,
  step: Extract<Step, { readonly do: 'send' | 'advance' }>,
): Step | undefined {
  if (step.do === 'send') {
    const { event } = step
    // All kinds but crashes have nothing beside their event; TypeScript does not try so many one by one.
    return kind === 'crash' ? { do: kind, at, event } : ({ do: kind, event } as Step)
  }
  const { ms } = step
  if (!isOf(DUE_KINDS, kind)) return undefined
  return kind === 'crash' ? { do: kind, at, ms } : { do: kind, ms }
}

import type { AnyActorLogic, AnyStateMachine } from 'xstate'

/** What `setup({ actors })` has, by name. */
export function logicsOf(
  machine: AnyStateMachine,
): readonly (readonly [name: string, logic: AnyActorLogic])[] {
  return Object.entries(machine.implementations.actors).map(([name, given]) => {
    // A logic comes alone or with its input.
    const logic: unknown = typeof given === 'object' && 'src' in given ? given.src : given
    // Nothing else is taken there.
    return [name, logic as AnyActorLogic] as const
  })
}

import { type AnyStateMachine, fromCallback, setup } from 'xstate'

export const work = fromCallback(() => {})

/** A config as JavaScript authors write it: preflight must see what types would have refused. */
export function machine(config: object, implementations: object = {}): AnyStateMachine {
  // The point is a config that does not type-check, and what is made of it has no types either.
  const made: unknown = setup({ actors: { work }, ...implementations }).createMachine(config as never)
  return made as AnyStateMachine
}

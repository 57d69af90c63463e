import type { AnyStateMachine } from 'xstate'
import { type InternalLogic, type InternalScope, internalLogic } from './internals.js'
import { restoringLogic } from './revive.js'

/**
 * The author's machine as the root of a tree: `install` is called before anything of it happens, and it restores from
 * our records. Its own nodes and methods stay the very same; two are put before them.
 */
export function rootLogic(machine: AnyStateMachine, install: (scope: InternalScope) => void): InternalLogic {
  const logic = internalLogic(machine)
  const restoring = restoringLogic(logic)
  return Object.create(logic, {
    getInitialSnapshot: {
      value: (scope: InternalScope, input: never) => {
        install(scope)
        return machine.getInitialSnapshot(scope as never, input)
      },
    },
    restoreSnapshot: {
      value: (record: unknown, scope: InternalScope) => {
        install(scope)
        return restoring.restoreSnapshot?.(record, scope)
      },
    },
  }) as InternalLogic
}

import type { AnyStateMachine } from 'xstate'
import { actionsOf, builtinOf } from '../../service/actions.js'
import { allNodes, isMachine } from '../../service/walk.js'
import { logicsOf } from '../logics.js'

/** Whether the machine, or one inside it, may wait for a time to pass. */
export function mayWait(machine: AnyStateMachine): boolean {
  return (
    allNodes(machine).some(({ after }) => after.length > 0) ||
    actionsOf(machine).some(({ value }) => {
      const action = builtinOf(value)
      return action?.delay !== undefined || action?.type === 'xstate.enqueueActions'
    }) ||
    logicsOf(machine).some(([, logic]) => isMachine(logic) && mayWait(logic))
  )
}

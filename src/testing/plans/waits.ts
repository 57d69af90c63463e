import type { AnyStateMachine } from 'xstate'
import { actionsOf, builtinOf } from '../../service/actions.js'
import { allNodes, isMachine } from '../../service/walk.js'
import type { Step } from './steps.js'
import { type Twins, upgrades } from './twins.js'

/** What an author's world does, as far as chance alone knows it: how long is waited there only the twin knows. */
export type Draft = Step | Wait

/** Time passes until something is due, or half of that; so many milliseconds where nothing is waited for. */
export interface Wait {
  readonly do: 'wait'
  readonly half: boolean
  readonly ms: number
}

/** Whether the machine, or one inside it, may wait for a time to pass. */
export function mayWait(machine: AnyStateMachine): boolean {
  return (
    allNodes(machine).some(({ after }) => after.length > 0) ||
    actionsOf(machine).some(({ value }) => {
      const action = builtinOf(value)
      return action?.delay !== undefined || action?.type === 'xstate.enqueueActions'
    }) ||
    Object.values(machine.implementations.actors).some((logic) => {
      const inner: unknown = typeof logic === 'object' && 'src' in logic ? logic.src : logic
      return isMachine(inner) && mayWait(inner)
    })
  )
}

/** The steps, each wait as long as the twin waits there. */
export async function timed(twins: Twins, drafts: readonly Draft[]): Promise<readonly Step[]> {
  const steps: Step[] = []
  // The present version comes where it is told to.
  let along = upgrades(drafts) ? twins.ofEarlier : twins
  for (const draft of drafts) {
    if (draft.do === 'upgrade') along = twins
    if (draft.do !== 'wait') {
      steps.push(draft)
      continue
    }
    const { nextMs = 0 } = (await along.along(steps)).at(-1) ?? {}
    const ms = draft.half ? Math.ceil(nextMs / 2) : nextMs
    steps.push({ do: 'advance', ms: ms === 0 ? draft.ms : ms })
  }
  return steps
}

import type { EventObject } from 'xstate'
import type { Step } from './steps.js'
import { type TwinState, type Twins, upgrades } from './twins.js'

/** What an author's world does, as far as chance alone knows it: what is taken and waited for there only the twin knows. */
export type Draft = Step | Wait | Choice

/** Time passes until something is due, or half of that; so many milliseconds where nothing is waited for. */
export interface Wait {
  readonly do: 'wait'
  readonly half: boolean
  readonly ms: number
}

/** One of the events is sent. */
export interface Choice {
  readonly do: 'choose'
  /** Which one. */
  readonly pick: number
  /** What comes of each arbitrary among them. */
  readonly data: readonly EventObject[]
}

/** Which event is sent while those atomic states are active. */
export type Choose = (choice: Choice, active: readonly string[]) => EventObject

/** The steps, and in which of them time passes and something falls due. */
export interface Decided {
  readonly steps: readonly Step[]
  /** Their indexes. */
  readonly dues: ReadonlySet<number>
}

/** The steps, as the twin is where each comes. */
export async function decided(twins: Twins, drafts: readonly Draft[], choose: Choose): Promise<Decided> {
  let come = 0
  const dues = new Set<number>()
  const steps = await twins.walk(upgrades(drafts), (state) => {
    const index = come++
    const draft = drafts[index]
    const step = draft && stepOf(draft, state, choose)
    if (step?.do === 'advance' && state.nextMs !== undefined && step.ms >= state.nextMs) dues.add(index)
    return step
  })
  return { steps, dues }
}

function stepOf(draft: Draft, state: TwinState, choose: Choose): Step {
  if (draft.do === 'choose') return { do: 'send', event: choose(draft, state.active) }
  if (draft.do !== 'wait') return draft
  const { nextMs = 0 } = state
  const ms = draft.half ? Math.ceil(nextMs / 2) : nextMs
  return { do: 'advance', ms: ms === 0 ? draft.ms : ms }
}

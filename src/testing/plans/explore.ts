import type { EventObject } from 'xstate'
import { UnverifiableError } from '../../errors/testing.js'
import { platformTurn } from '../platform-turn.js'
import { checkTwin } from './difference.js'
import { growsBeyond } from './growth.js'
import type { AuthorStep } from './steps.js'
import type { TwinState, Twins } from './twins.js'
import { stepInWords } from './words.js'

/** A state that can be reached, and the shortest way there. */
export interface Reached {
  readonly id: string
  /** In words. */
  readonly state: string
  readonly path: readonly AuthorStep[]
  readonly lives: boolean
  /** Milliseconds until something comes by itself. */
  readonly nextMs: number | undefined
  /** What can come next, each with the state that it leads to; undefined beyond the depth. */
  readonly next: { readonly step: AuthorStep; to: string | undefined }[]
}

/** How far is looked. */
export interface Bounds {
  /** Most steps from the beginning; undefined: as far as there are new states. */
  readonly depth?: number | undefined
  readonly mostStates: number
}

/**
 * Every state that the events and the time lead to, nearest first.
 * @throws {UnverifiableError} there is no end of them
 */
export async function explore(
  service: string,
  twins: Twins,
  events: readonly EventObject[],
  { depth = Number.POSITIVE_INFINITY, mostStates }: Bounds,
): Promise<ReadonlyMap<string, Reached>> {
  const [beginning] = await twins.along([])
  const first = reached(beginning, [], events)
  const steps = first.next.map(({ step }) => step)
  const growing = depth > mostStates ? await growsBeyond(mostStates, twins, steps) : undefined
  if (growing !== undefined) throw await endless(service, twins, growing.steps, mostStates, growing.round)
  const found = new Map([[first.id, first]])
  // What is found while it goes on is gone through too.
  for (const from of found.values()) {
    if (from.path.length >= depth) continue
    for (const next of from.next) {
      await platformTurn()
      const path = [...from.path, next.step]
      const to = reached((await twins.along(path)).at(-1), path, events)
      next.to = to.id
      if (found.has(to.id)) continue
      if (found.size >= mostStates) throw await endless(service, twins, path, mostStates)
      found.set(to.id, to)
    }
  }
  return found
}

function reached(
  twin: TwinState | undefined,
  path: readonly AuthorStep[],
  events: readonly EventObject[],
): Reached {
  // The twin has a state for the beginning and for each step.
  const { id, state, lives, nextMs } = twin as TwinState
  const steps: AuthorStep[] = lives ? events.map((event) => ({ do: 'send', event })) : []
  if (lives && nextMs !== undefined) steps.push({ do: 'advance', ms: nextMs })
  return { id, state, path, lives, nextMs, next: steps.map((step) => ({ step, to: undefined })) }
}

/**
 * @param path steps that lead to ever new states
 * @param round what comes again and again in it, where that is known
 * @throws {FlakyMachineError} they do not lead to the same ones again, as where chance or a clock makes them
 */
async function endless(
  service: string,
  twins: Twins,
  path: readonly AuthorStep[],
  mostStates: number,
  round: readonly AuthorStep[] = [],
): Promise<UnverifiableError> {
  await checkTwin(twins.options, twins, path)
  const again =
    round.length === 0
      ? ''
      : `: ever new ones come of “${round.map(stepInWords).join('; ')}”, again and again`
  return new UnverifiableError(
    'The state space',
    `it has more than ${mostStates} states, as with a context that never repeats${again}`,
    'Give `key: (snapshot) => …` that keeps what matters of the context, `depth` for the most steps from the beginning, or more `mostStates`.',
    { service },
  )
}

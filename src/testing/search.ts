import type { EventObject } from 'xstate'
import { UnverifiableError } from '../errors/testing.js'
import { loadFastCheck } from './fast-check.js'
import type { VerifyOptions } from './options.js'
import { crashPlans, type Sequence } from './plans/crash-points.js'
import { type EventSource, isArbitrary } from './plans/events.js'
import { Rounds } from './plans/exhaustive.js'
import { explore } from './plans/explore.js'
import { upgradePlans } from './plans/upgrades.js'
import { searchAtRandom } from './random-search.js'
import type { ScoutedFigures, SequenceTried } from './report/report.js'
import type { Run } from './run.js'
import type { Source } from './source.js'

/** What a search tells of itself, by its mode. */
export interface Searched {
  readonly seed?: number
  readonly states?: number
  readonly sequences?: readonly SequenceTried[]
  readonly scouted?: ScoutedFigures
}

/** Runs plans of the mode that is asked for until one shows something. */
export async function search(run: Run, source: Source, options: VerifyOptions): Promise<Searched> {
  if (options.mode === 'crashPoints') return { sequences: await searchCrashPoints(run, options.sequences) }
  if (options.mode === 'exhaustive') return { states: await searchExhaustively(run, source, options) }
  return searchAtRandom(await loadFastCheck(), run, source, options)
}

/** Every reachable state, each interrupted in every way before everything that can come next. Returns how many states. */
async function searchExhaustively(
  run: Run,
  source: Source,
  { depth, mostStates = 1000 }: { readonly depth?: number | undefined; readonly mostStates?: number },
): Promise<number> {
  const service = source.definition.id
  const events = given(service, source.events)
  const space = await explore(service, run.twins, events, { depth, mostStates })
  const rounds = new Rounds(space, source.kinds)
  if (source.kinds.includes('upgrade')) {
    for (const steps of await upgradePlans(service, run.twins, events, { depth, mostStates })) {
      if (await run.shows({ steps })) return space.size
    }
  }
  for (let steps = rounds.next(); steps !== undefined; steps = rounds.next()) {
    if (await run.shows({ steps })) break
    rounds.filled(steps, await run.twins.along(steps))
  }
  return space.size
}

/** @throws {UnverifiableError} one is an arbitrary, of which there is no end */
function given(service: string, events: readonly EventSource[]): readonly EventObject[] {
  return events.map((event) => {
    if (!isArbitrary(event)) return event
    throw new UnverifiableError(
      'The list of events',
      'an arbitrary in it has no end that could be gone through',
      "Give the events themselves, or choose mode: 'random'.",
      { service },
    )
  })
}

/** Every moment around a commit or an effect. Returns what was tried of each sequence. */
async function searchCrashPoints(
  run: Run,
  sequences: readonly Sequence[],
): Promise<readonly SequenceTried[]> {
  const all: SequenceTried[] = []
  for (const sequence of sequences) {
    const { plans, ...told } = await crashPlans(run.options, run.twins, sequence)
    const tried = { ...told, commits: 0, effects: 0 }
    all.push(tried)
    for (const plan of plans) {
      if (await run.shows(plan)) return all
      if (plan.point !== undefined && 'commit' in plan.point) tried.commits++
      else tried.effects++
    }
  }
  return all
}

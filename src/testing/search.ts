import type { EventObject } from 'xstate'
import { UnverifiableError } from '../errors/testing.js'
import { type FastCheck, loadFastCheck } from './fast-check.js'
import type { VerifyOptions } from './options.js'
import { crashPlans, type Sequence } from './plans/crash-points.js'
import { delaysOf, type EventSource, isArbitrary } from './plans/events.js'
import { Rounds } from './plans/exhaustive.js'
import { explore } from './plans/explore.js'
import { FAMILY_SIZE, families } from './plans/random.js'
import { isBrokenByTwin } from './plans/shortest-way.js'
import type { Step } from './plans/steps.js'
import { upgradePlans } from './plans/upgrades.js'
import { mayWait, timed } from './plans/waits.js'
import { type Cut, weave } from './plans/weave.js'
import type { SequenceTried } from './report/report.js'
import type { Run } from './run.js'
import type { Source } from './source.js'
import { type Drivers, takeTime } from './world/drivers.js'

/** What a search tells of itself, by its mode. */
export interface Searched {
  readonly seed?: number
  readonly states?: number
  readonly sequences?: readonly SequenceTried[]
}

/** Runs plans of the mode that is asked for until one shows something. */
export async function search(run: Run, source: Source, options: VerifyOptions): Promise<Searched> {
  if (options.mode === 'crashPoints') return { sequences: await searchCrashPoints(run, options.sequences) }
  if (options.mode === 'exhaustive') return { states: await searchExhaustively(run, source, options) }
  return { seed: await searchAtRandom(await loadFastCheck(), run, source, options) }
}

/** Runs plans by chance until one shows something. Returns the seed. */
async function searchAtRandom(
  fc: FastCheck,
  run: Run,
  source: Source,
  options: {
    readonly runs?: number
    readonly seed?: number
    readonly mostSteps?: number
    readonly longestMs?: number
    readonly isolate?: 'process'
    readonly actors?: Drivers
  },
): Promise<number> {
  const few = options.isolate !== undefined
  const { runs = few ? 10 : 100, mostSteps = few ? 6 : 12, longestMs = 100, seed } = options
  const { machine } = source.definition
  const waits = !few && (takeTime(options.actors ?? {}) || mayWait(machine))
  const plans = families(fc, { ...source, delaysMs: delaysOf(machine), waits, mostSteps, longestMs })
  const left = () => runs - run.come
  let thrown: unknown
  const property = fc.asyncProperty(plans, async ({ author, ways }) => {
    let steps: Promise<readonly Step[]> | undefined
    const plan = async (way: readonly Cut[]) => {
      steps ??= timed(run.twins, author)
      return { steps: weave(await steps, way) }
    }
    try {
      for (const way of ways) {
        // What has shown something is shrunk, however many plans that takes.
        if (left() <= 0 && run.stoppedAt === undefined) return true
        if (await run.shows(() => plan(way))) return false
      }
      return true
    } catch (error) {
      // Of one that is broken again with simpler data the simplest counts, which comes last.
      if (thrown === undefined || (isBrokenByTwin(thrown) && isBrokenByTwin(error))) thrown = error
      throw error
    }
  })
  const check = (from: number | undefined) =>
    fc.check(property, {
      numRuns: Math.ceil(left() / FAMILY_SIZE),
      // Data are fast-check's to shrink; steps are shrunk here as in the other modes.
      endOnFailure: !source.events.some(isArbitrary),
      ...(from === undefined ? {} : { seed: from }),
    })
  const first = await check(seed)
  for (let round = 1; left() > 0 && run.found === undefined && thrown === undefined; round++) {
    await check(first.seed + round)
  }
  if (thrown !== undefined) throw thrown
  return first.seed
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

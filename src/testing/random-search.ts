import type { Arbitrary } from 'fast-check'
import type { EventObject } from 'xstate'
import type { FastCheck } from './fast-check.js'
import type { RandomOptions } from './options.js'
import { chooseOf } from './plans/choose.js'
import { type Decided, decided } from './plans/drafts.js'
import { isArbitrary, passableDelaysOf } from './plans/events.js'
import { ofSeed } from './plans/fewest-steps.js'
import { answeredAtOnce, lastingStates } from './plans/lasting.js'
import { opened, openingsOf } from './plans/openings.js'
import { FAMILY_SIZE, families, mostCuts } from './plans/random.js'
import { type Scouted, scout } from './plans/scout.js'
import { isBrokenByTwin } from './plans/shortest-way.js'
import { type Takes, takesOf } from './plans/taken.js'
import { Twins } from './plans/twins.js'
import { mayWait } from './plans/waits.js'
import { type Cut, weave, withNewProcess } from './plans/weave.js'
import type { ScoutedFigures } from './report/report.js'
import type { Run } from './run.js'
import type { Source } from './source.js'
import { type Drivers, takeTime } from './world/drivers.js'
import { plainText } from './world/plain.js'

/** Most steps of a plan beside the way to a far state. */
const MOST_STEPS = 12

/** Each takes seconds, with processes of its own. */
const ISOLATED = { runs: 10, family: 2, fewest: 4 }

/** So many steps are looked ahead for each plan, and so many at least and at most: they cost about as much as those of plans. */
const SCOUTED = { each: 5, least: 500, most: 5000 }

/** Of each arbitrary so many events are tried. */
const SAMPLES = 6

/** Runs plans by chance until one shows something. */
export async function searchAtRandom(
  fc: FastCheck,
  run: Run,
  source: Source,
  options: RandomOptions,
): Promise<{ readonly seed: number; readonly scouted: ScoutedFigures }> {
  const few = options.isolate !== undefined
  const { runs = few ? ISOLATED.runs : 100, longestMs = 100, actors = {} } = options
  const family = few ? ISOLATED.family : FAMILY_SIZE
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31)
  const { machine } = source.definition
  const takes = takesOf(machine)
  const scouted = await scoutedFor(fc, run, source, { takes, runs, seed, actors, few })
  const openings = openingsOf(scouted.ways)
  const openingSteps = options.mostSteps === undefined ? (openings[0]?.length ?? 0) : 0
  const mostSteps = options.mostSteps ?? MOST_STEPS
  const plans = families(fc, {
    ...source,
    delaysMs: passableDelaysOf(machine),
    waits: takeTime(actors) || mayWait(machine),
    mostSteps,
    openingSteps,
    fewest: few ? ISOLATED.fewest : 1,
    longestMs,
  })
  const mostOfAuthor = Math.max(1, mostSteps + openingSteps - mostCuts(mostSteps))
  const choose = chooseOf(source.events, takes)
  const left = () => runs - run.come
  let number = -1
  let thrown: unknown
  const property = fc.asyncProperty(plans, async ({ author, ways, part }) => {
    // What has shown something begins as it has when it is made smaller.
    if (run.stoppedAt === undefined) number++
    const drafts = opened(author, { openings, number, part, most: mostOfAuthor })
    let decisions: Promise<Decided> | undefined
    const plan = async (cuts: readonly Cut[]) => {
      decisions ??= decided(run.twins, drafts, choose)
      const { steps, dues } = await decisions
      const own = cuts.slice(0, mostCuts(mostSteps + drafts.length - author.length))
      const cut = few ? withNewProcess(own, source.kinds, drafts.length, run.come) : own
      return { steps: weave(steps, cut, dues) }
    }
    try {
      for (const way of ways.slice(0, family)) {
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
  const check = (from: number) =>
    fc.check(property, {
      numRuns: Math.ceil(left() / family),
      // Data are fast-check's to shrink; steps are shrunk here as in the other modes.
      endOnFailure: !source.events.some(isArbitrary),
      seed: from,
    })
  for (let round = 0; left() > 0 && run.found === undefined && thrown === undefined; round++) {
    await check(seed + round)
  }
  if (thrown !== undefined) throw ofSeed(thrown, seed)
  return { seed, scouted: figuresOf(scouted, mostOfAuthor) }
}

interface Looking {
  readonly takes: Takes
  readonly runs: number
  readonly seed: number
  readonly actors: Drivers
  readonly few: boolean
}

async function scoutedFor(
  fc: FastCheck,
  run: Run,
  { definition: { machine }, events }: Source,
  { takes, runs, seed, actors, few }: Looking,
): Promise<Scouted> {
  // Where lives have processes of their own, one in this process shows the ways as well.
  const twins = few ? new Twins({ ...run.options, process: undefined }) : run.twins
  return scout(twins, {
    events: events.flatMap((event) => (isArbitrary(event) ? samplesOf(fc, event, seed) : [event])),
    takes,
    goals: lastingStates(machine)
      .filter((node) => answeredAtOnce(machine, node, actors).length === 0)
      .map(({ id }) => id),
    mostSteps: Math.min(SCOUTED.most, Math.max(SCOUTED.least, runs * SCOUTED.each)),
  })
}

/** Some of what it makes, the plainest first. */
function samplesOf(fc: FastCheck, event: Arbitrary<EventObject>, seed: number): readonly EventObject[] {
  const samples = fc.sample(event, { numRuns: SAMPLES, seed })
  return samples.sort((one, other) => plainText(one).length - plainText(other).length)
}

function figuresOf({ ways, everywhere }: Scouted, mostSteps: number): ScoutedFigures {
  return {
    everywhere,
    mostSteps,
    ways: Object.fromEntries([...ways].map(([id, { steps }]) => [id, steps.length])),
  }
}

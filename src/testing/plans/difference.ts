import { alike, firstDifference } from '../compare.js'
import type { Observation } from '../world/observe.js'
import { tooOften } from '../world/oracles.js'
import { interrupt } from '../world/perform.js'
import { followingClock } from '../world/policies.js'
import { type Listener, World, type WorldOptions } from '../world/world.js'
import { led } from './check-twin.js'
import { arm, hasCome } from './points.js'
import { type Step, twinStep } from './steps.js'
import type { Plan } from './token.js'
import { type TwinState, type Twins, upgrades } from './twins.js'
import { unlike, untimely } from './unlike.js'
import { stepInWords } from './words.js'

/** What an interruption changed. */
export interface Difference {
  /** The index of the step after which it was seen, counting from 1; 0 is the beginning. */
  readonly step: number
  /** Where, what was found, and what stands there without the interruption. */
  readonly told: string
}

/** What running a plan has shown. */
export interface Outcome {
  readonly difference: Difference | undefined
  /** What the twin was like at the beginning and after each step. */
  readonly twin: readonly TwinState[]
  /** Which of the steps interrupted: one that has ended cannot be, and what works cannot sleep. */
  readonly took: readonly boolean[]
  /** The index of the step in which the plan's point came, counting from 1; 0 is the beginning. */
  readonly pointAt: number | undefined
  readonly commits: number
  readonly effects: number
  /** How often callbacks and observables were started, by their names. */
  readonly starts: ReadonlyMap<string, number>
}

/**
 * Runs the steps with their interruptions against the uninterrupted twin, up to the first difference.
 * @throws {FlakyMachineError} the twin differs from itself, or {UnverifiableError} by what runs as written
 */
export async function runPlan(
  given: WorldOptions,
  givenTwins: Twins,
  { steps, point }: Plan,
  listener?: Listener,
): Promise<Outcome> {
  // A point may come at any time, and not as one step after another.
  const options = point === undefined ? given : followingClock(given)
  const twins = point === undefined ? givenTwins : givenTwins.followingClock
  const twin = await twins.along(steps)
  const took: boolean[] = []
  const world = new World(options, upgrades(steps), listener)
  if (point !== undefined) arm(world, point)
  await world.begin()
  await world.settle()
  await world.fireDue()
  let difference = differs(twin[0], world.observe(), 0)
  let pointAt = hasCome(world, point) ? 0 : undefined
  for (const [index, step] of steps.entries()) {
    if (difference !== undefined) break
    world.tell('you', 'you', `${index + 1}. ${stepInWords(step)}`)
    took.push(await interrupt(world, step))
    difference = differs(twin[index + 1], world.observe(), index + 1)
    if (pointAt === undefined && hasCome(world, point)) pointAt = index + 1
  }
  // No step of the plan: nobody is told of it.
  world.process.kill()
  if (difference !== undefined) {
    const late = untimely(options.standIn, difference.told)
    if (late !== undefined) throw late
    await checkTwin(options, twins, steps)
  }
  const { count: effects, starts } = world.outside
  return { difference, twin, took, pointAt, commits: world.store.commits, effects, starts }
}

function differs(
  twin: TwinState | undefined,
  found: Partial<Observation>,
  step: number,
): Difference | undefined {
  if (twin === undefined || alike(twin.seen, found)) return undefined
  const { seen } = twin
  const told = tooOften(seen.effects?.atMostOnce ?? [], found.effects?.atMostOnce ?? [])
  if (told !== undefined) return { step, told }
  const failed = seen.failure !== undefined && seen.failure === found.failure
  const compared = (one: Partial<Observation>) => withoutLost(failed ? ofFailed(one) : one)
  const difference = failedOtherwise(seen, found) ?? firstDifference(compared(seen), compared(found))
  return difference === undefined ? undefined : { step, told: difference }
}

/** Of two that have failed the difference is with what, and not what that has left of their machines. */
function failedOtherwise(seen: Partial<Observation>, found: Partial<Observation>): string | undefined {
  if (seen.failure === undefined || found.failure === undefined) return undefined
  return firstDifference(seen.failure, found.failure, 'failure')
}

/**
 * A machine that fails leaves its last checkpoint: whether that, or the state in which it failed, is still in memory, and
 * whether the event that it failed at waits for a retry, is for the interruption to decide.
 */
function ofFailed({
  machine: _,
  timers: __,
  inbox: ___,
  ...seen
}: Partial<Observation>): Partial<Observation> {
  return seen
}

/** What may be lost is looked at apart. */
function withoutLost(seen: Partial<Observation>): unknown {
  if (seen.effects === undefined) return seen
  const { atMostOnce: _, ...effects } = seen.effects
  return { ...seen, effects }
}

/** @throws {FlakyMachineError} the twin, run again in the same way, differs from itself */
export async function checkTwin(options: WorldOptions, twins: Twins, steps: readonly Step[]): Promise<void> {
  const twin = await twins.along(steps)
  for (const [step, { seen }] of (await twins.again(steps)).entries()) {
    const told = firstDifference(twin[step]?.seen, seen, '', 'the first time')
    if (told === undefined) continue
    const taken = steps.slice(0, step)
    const own = taken.map((one) => twinStep(one, twins.renews, twins.resumes))
    throw unlike(
      options,
      told,
      led(options.standIn.definition, taken, own, upgrades(steps) && !upgrades(taken)),
    )
  }
}

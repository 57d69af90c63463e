import { FlakyMachineError } from '../errors/testing.js'
import { firstDifference } from './compare.js'
import type { Observation } from './observe.js'
import { interrupt, undisturbed } from './perform.js'
import type { Step } from './steps.js'
import { World, type WorldOptions } from './world.js'

/** What was seen after the beginning and after each step. */
export type Trace = readonly Observation[]

/** Takes the steps in a new world, interrupted or not, and says what was seen. */
export async function trace(
  options: WorldOptions,
  steps: readonly Step[],
  interrupted: boolean,
): Promise<Trace> {
  const world = new World(options)
  await world.begin()
  const seen = [world.observe()]
  for (const step of steps) {
    await (interrupted ? interrupt : undisturbed)(world, step)
    seen.push(world.observe())
  }
  world.kill()
  return seen
}

/** What an interruption changed. */
export interface Difference {
  /** The index of the step after which it was seen. */
  readonly step: number
  /** Where, what was found, and what stands there without the interruption. */
  readonly told: string
}

/**
 * Runs the steps with their interruptions against the uninterrupted twin.
 * @throws {FlakyMachineError} the twin differs from itself
 */
export async function difference(
  options: WorldOptions,
  steps: readonly Step[],
): Promise<Difference | undefined> {
  const twin = await trace(options, steps, false)
  const found = firstOf(twin, await trace(options, steps, true))
  if (found === undefined) return undefined
  const itself = firstOf(twin, await trace(options, steps, false))
  if (itself !== undefined) {
    throw new FlakyMachineError(`after step ${itself.step}, ${itself.told}`, {
      service: options.standIn.definition.id,
    })
  }
  return found
}

function firstOf(expected: Trace, found: Trace): Difference | undefined {
  for (const [step, observation] of expected.entries()) {
    const told = firstDifference(observation, found[step])
    if (told !== undefined) return { step, told }
  }
  return undefined
}

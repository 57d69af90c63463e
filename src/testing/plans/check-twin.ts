import { problemOf, type TardigradeError } from '../../errors/base.js'
import {
  BrokenCaptureError,
  BrokenMigrationError,
  type LedTo,
  UnverifiableError,
} from '../../errors/testing.js'
import { reasonOf } from '../../errors/text-of.js'
import type { ServiceDefinition } from '../../service/definition.js'
import { endless } from '../world/endless.js'
import type { World, WorldOptions } from '../world/world.js'
import { pointInWords } from './points.js'
import type { Step, TwinStep } from './steps.js'
import { type Plan, tokenOf } from './token.js'
import { stepInWords, twinStepInWords } from './words.js'

/**
 * What the twin has done so far, without the steps that only interrupt.
 * @param later whether the present version was yet to come, which a token must say
 */
export function led(
  definition: ServiceDefinition,
  steps: readonly Step[],
  own: readonly (TwinStep | undefined)[],
  later: boolean,
): LedTo<Step> {
  const taken = steps.filter((_, index) => own[index] !== undefined)
  const plan: readonly Step[] = later ? [...taken, { do: 'upgrade' }] : taken
  return {
    steps: plan,
    told: own.flatMap((step) => (step === undefined ? [] : [twinStepInWords(step)])),
    token: tokenOf(definition.id, { steps: plan }, definition),
  }
}

/** Steps of a plan, interruptions and all, up to the one after which something differs. */
export function ledByPlan(definition: ServiceDefinition, { steps, point }: Plan, upTo: number): LedTo<Step> {
  const taken = steps.slice(0, upTo)
  return {
    steps: taken,
    told: [...taken.map(stepInWords), ...(point === undefined ? [] : [`with that: ${pointInWords(point)}`])],
    token: tokenOf(definition.id, { steps: taken, point }, definition),
  }
}

/** What its machine has failed with, in words; undefined: it has not. */
export function failedWith({ process: { failure } }: World): string | undefined {
  return failure === undefined ? undefined : reasonOf(failure.cause ?? failure)
}

/**
 * One that cannot begin is the same with any interruption and without: nothing would have been tried.
 * @throws {UnverifiableError} it has failed, though nothing was sent and nothing interrupted
 */
export function checkBegins(world: World, service: string): void {
  checkEnds(world, service)
  const failed = failedWith(world)
  if (failed === undefined) return
  const { cause = world.process.failure } = world.process.failure ?? {}
  throw new UnverifiableError(
    'The machine',
    `it fails at its start with ${failed}`,
    'Give its `input` where it needs one, or mend the machine.',
    { service, cause },
  )
}

/**
 * @param ledTo what led there
 * @param failure what it had failed with before
 * @throws {BrokenMigrationError} the present version could not go on from what the earlier one has left
 */
export function checkUpgraded(
  { process }: World,
  { standIn, earlier }: WorldOptions,
  ledTo: () => LedTo<Step>,
  failure: Error | undefined,
): void {
  const cause = process.failure
  if (cause === undefined || (failure !== undefined && process.snapshot !== undefined)) return
  const { id, version } = standIn.definition
  throw new BrokenMigrationError(earlier?.definition.version ?? version, version, problemOf(cause), ledTo(), {
    service: id,
    cause,
  })
}

/**
 * That the library refuses a state is no part of a service's life: with any interruption and without it ends there.
 * @param ledTo what led there
 * @throws {BrokenCaptureError} it has failed since no checkpoint can keep its state
 */
export function checkKept({ process }: World, service: string, ledTo: () => LedTo<Step>): void {
  const cause = process.failure?.cause ?? process.failure
  // One of another process is of no class.
  const { code, remedy } = (cause ?? {}) as Partial<TardigradeError>
  if (!(cause instanceof Error) || (code !== 'UNENCODABLE' && code !== 'UNCAPTURABLE')) return
  throw new BrokenCaptureError(problemOf({ message: cause.message, remedy }), remedy ?? '', ledTo(), {
    service,
    cause,
  })
}

/** @throws {UnverifiableError} its machine has failed since something in it never ends */
export function checkEnds(world: World, service: string): void {
  const thrown = endless(service, world.process.failure?.cause, world.whereabouts)
  if (thrown !== undefined) throw thrown
}

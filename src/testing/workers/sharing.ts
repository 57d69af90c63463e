import { UnverifiableError } from '../../errors/testing.js'
import type { Place } from '../in-module.js'
import type { VerifyOptions } from '../options.js'
import type { SearchElsewhere } from '../try-plans.js'
import { BLOCK_SIZE } from './blocks.js'
import { searchTogether } from './crew.js'
import { sendable } from './sendable.js'

/** Where workers find a service, and what is given them beside the module's options. */
interface Findable {
  readonly place: Place
  readonly given: VerifyOptions
}

/**
 * A search that several threads share, and the options with which it is made.
 * @param options all of them, those of the module too
 * @throws {UnverifiableError} threads could not have the service or its options, or it has processes of its own
 */
export function sharing(
  service: string,
  options: VerifyOptions,
  source: Findable | undefined,
): { readonly options: VerifyOptions; readonly search?: SearchElsewhere } {
  if (source === undefined) {
    throw new UnverifiableError(
      'The service',
      'workers cannot be given an object of this thread',
      "Say where it is exported: verifyInterruptions({ module: './order.js', export: 'order' }, …); or leave out `workers`.",
      { service },
    )
  }
  if (options.isolate !== undefined) {
    throw new UnverifiableError(
      'A service with `isolate`',
      'each of its lives has a process of its own already, and workers would be more',
      'Leave out `workers`, or `isolate`.',
      { service },
    )
  }
  const chosen = seeded(options)
  const workers = Math.min(options.workers ?? 1, mostOf(options))
  if (workers === 1) return { options: chosen }
  const given = { ...sendable(source.given, service), ...('seed' in chosen && { seed: chosen.seed }) }
  // Some of what was given to it, and the seed that random mode takes.
  const assignment = { place: source.place, given: given as VerifyOptions }
  const { onPlan } = options
  return {
    options: chosen,
    search: (tally) => searchTogether({ service, assignment, workers, onPlan }, tally),
  }
}

/** All must make the same plans. */
function seeded(options: VerifyOptions): VerifyOptions {
  if (options.mode === 'exhaustive' || options.mode === 'crashPoints') return options
  return { ...options, seed: options.seed ?? Math.floor(Math.random() * 2 ** 31) }
}

/** More would have nothing to do. */
function mostOf(options: VerifyOptions): number {
  if (options.mode === 'exhaustive' || options.mode === 'crashPoints') return Number.POSITIVE_INFINITY
  return Math.ceil((options.runs ?? 100) / BLOCK_SIZE)
}

import { UnverifiableError } from '../../errors/testing.js'
import { neverMetOf } from '../never-met.js'
import type { VerifyOptions } from '../options.js'
import type { Searched } from '../search.js'
import { followsClock } from '../world/policies.js'
import type { WorldOptions } from '../world/world.js'
import { neverReachedOf } from './never-reached.js'
import { type SequenceTried, VerifyReport } from './report.js'
import type { Tally } from './tally.js'

/** What has come of all plans, where none has shown anything. */
export interface Tried {
  readonly tally: Tally
  readonly searched: Searched
  /** How many plans of the corpus were among them. */
  readonly fromCorpus: number
}

/** @throws {UnverifiableError} none of the interruptions came about, of which no report could be given */
export function reportOf(
  world: WorldOptions,
  options: VerifyOptions,
  { tally, searched, fromCorpus }: Tried,
): VerifyReport {
  const { definition } = world.standIn
  if (Object.keys(tally.kinds).length === 0) {
    throw new UnverifiableError(
      'The service',
      `none of the interruptions ${tally.matrix.kinds.join(', ')} came about in ${tally.plans} plans`,
      'Where it ends at once, give its drivers time (`afterMs`); else other `kinds` or `events`, or more `runs`.',
      { service: definition.id },
    )
  }
  const neverMet = neverMetOf(world, options, tally.met)
  const { states, sequences } = searched
  return new VerifyReport(
    {
      service: definition.id,
      version: definition.version,
      mode: options.mode ?? 'random',
      seed: searched.seed,
      runs: tally.plans,
      steps: tally.steps,
      fromCorpus,
      isolated: options.isolate !== undefined,
      kinds: tally.kinds,
      failed: tally.failed,
      states,
      bounds:
        options.mode === 'exhaustive' ? { key: options.key !== undefined, depth: options.depth } : undefined,
      crashPoints: sequences && {
        commits: sum(sequences, 'commits'),
        effects: sum(sequences, 'effects'),
      },
      sequences,
      timersAsDeadlines: sequences !== undefined && !followsClock(world),
      neverMet,
      scouted: searched.scouted,
      ...neverReachedOf(definition.machine, tally, options.actors ?? {}),
    },
    tally.matrix,
  )
}

const sum = (sequences: readonly SequenceTried[], of: 'commits' | 'effects') =>
  sequences.reduce((all, one) => all + one[of], 0)

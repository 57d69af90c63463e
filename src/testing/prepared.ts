import { UnverifiableError } from '../errors/testing.js'
import type { VerifyOptions } from './options.js'
import { type StateKey, Twins } from './plans/twins.js'
import { type Source, sourceOf } from './source.js'
import type { WorldOptions } from './world/world.js'

/** More than the steps of one family of plans. */
const FAMILY_REMEMBERED = 100

/** What a search begins with. */
export interface Prepared {
  readonly twins: Twins
  readonly source: Source
}

/** What every search of a verification begins with, wherever it is made. */
export function prepared(world: WorldOptions, options: VerifyOptions): Prepared {
  const key = options.mode === 'exhaustive' ? options.key : undefined
  // Plans by chance share their beginning with those of their family alone.
  const mostRemembered = (options.mode ?? 'random') === 'random' ? FAMILY_REMEMBERED : undefined
  // Called with this machine's own snapshots.
  const twins = new Twins(world, key as StateKey, mostRemembered)
  return { twins, source: sourceOf(world.standIn.definition, options) }
}

/** Where nothing can be sent, it may be since the machine cannot begin, which is told then. */
export async function preparedToBegin(world: WorldOptions, options: VerifyOptions): Promise<Prepared> {
  try {
    return prepared(world, options)
  } catch (thrown) {
    if (thrown instanceof UnverifiableError) await new Twins(world).along([])
    throw thrown
  }
}

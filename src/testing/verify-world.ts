import { problemOf } from '../errors/base.js'
import { InterruptionBugError, UnusableCorpusError } from '../errors/testing.js'
import type { ServiceDefinition } from '../service/definition.js'
import { asFound } from './as-found.js'
import type { Corpus } from './corpus.js'
import type { VerifyOptions } from './options.js'
import { type BrokenByTwin, isBrokenByTwin } from './plans/shortest-way.js'
import { preparedToBegin } from './prepared.js'
import type { VerifyReport } from './report/report.js'
import { reportOf } from './report/report-of.js'
import { type SearchElsewhere, tryPlans } from './try-plans.js'
import { FirstContexts } from './world/first-contexts.js'
import type { WorldOptions } from './world/world.js'

/** Verifies what runs in a world that is made already: what is over its store need not be a service of this library. */
export async function verifyWorld(
  world: WorldOptions,
  options: VerifyOptions,
  elsewhere?: SearchElsewhere,
): Promise<VerifyReport> {
  const contexts = await FirstContexts.of(world)
  const ready = await preparedToBegin(world, options)
  const corpus = await openCorpus(options.corpus, world.standIn.definition)
  try {
    return reportOf(world, options, await tryPlans(world, options, ready, corpus, elsewhere))
  } catch (thrown) {
    const found = await asFound(thrown, ready.twins, contexts)
    throw found instanceof InterruptionBugError || isBrokenByTwin(found) ? await kept(found, corpus) : found
  }
}

/** What was found, and is told all the same where it cannot be kept. */
async function kept(
  found: InterruptionBugError<unknown> | BrokenByTwin,
  corpus: Corpus | undefined,
): Promise<unknown> {
  try {
    await corpus?.keep(found)
  } catch (error) {
    if (!(error instanceof UnusableCorpusError)) throw error
    found.message = `${problemOf(found)}\nIt was not kept. ${problemOf(error)}\n${found.remedy}`
  }
  return found
}

/** Loaded where it is wanted, since it knows a file system. */
async function openCorpus(
  folder: string | undefined,
  definition: ServiceDefinition,
): Promise<Corpus | undefined> {
  if (folder === undefined) return undefined
  const { folderCorpus } = await import('./corpus.js')
  return folderCorpus(folder, definition)
}

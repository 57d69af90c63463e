import type { Corpus } from './corpus.js'
import type { VerifyOptions } from './options.js'
import { ofSeed } from './plans/fewest-steps.js'
import { checkSteady, DIFFERED_ONCE } from './plans/steady.js'
import { checkTimely } from './plans/timely.js'
import { unlike } from './plans/unlike.js'
import type { Prepared } from './prepared.js'
import { counterexample } from './report/counterexample.js'
import { Matrix } from './report/matrix.js'
import type { Tried } from './report/report-of.js'
import { Tally } from './report/tally.js'
import { EVERY_PLAN, Run, type Share } from './run.js'
import { type Searched, search } from './search.js'
import type { WorldOptions } from './world/world.js'

/**
 * A search that is made elsewhere and counted here. It comes to its end, or to the number of the first plan that has shown
 * something or of which something was thrown.
 */
export type SearchElsewhere = (
  tally: Tally,
) => Promise<{ readonly searched: Searched } | { readonly stoppedAt: number }>

/**
 * Runs those of the corpus, and then those that are searched for, here or elsewhere.
 * @throws {InterruptionBugError} one shows something, and {FlakyMachineError} one that does so by chance
 */
export async function tryPlans(
  world: WorldOptions,
  options: VerifyOptions,
  { twins, source }: Prepared,
  corpus: Corpus | undefined,
  elsewhere: SearchElsewhere | undefined,
): Promise<Tried> {
  const tally = new Tally(new Matrix(source.kinds, source.types), world.standIn.met)
  const runOf = (share?: Share) =>
    new Run(world, twins, (plan, outcome) => tally.record(plan, outcome), options.onPlan, share)
  const fail = async ({ found }: Run, seed: number | undefined) => {
    if (found === undefined) return
    await checkTimely(world, twins, found)
    await checkSteady(world, twins, found)
    const bug = await counterexample(world, twins, found, source.kinds, seed)
    // The shortest may have none of its interruptions left.
    await checkTimely(world, twins, bug)
    // Of many that were tried one may have differed by chance.
    await checkSteady(world, twins, { ...found, steps: bug.steps })
    throw bug
  }
  const before = runOf()
  const known = (await corpus?.plans()) ?? []
  for (const plan of known) if (await before.shows(plan)) await fail(before, undefined)

  const told = await elsewhere?.(tally)
  const stoppedAt = told !== undefined && 'stoppedAt' in told ? told.stoppedAt : undefined
  // What others have come upon is run again, made shorter and told here.
  const again: Share = { takes: (plan) => plan === stoppedAt || run.stoppedAt !== undefined }
  const run = runOf(stoppedAt === undefined ? EVERY_PLAN : again)
  const searched =
    told !== undefined && 'searched' in told ? told.searched : await search(run, source, options)
  await fail(run, searched.seed).catch((thrown) => {
    throw ofSeed(thrown, searched.seed)
  })
  if (stoppedAt !== undefined) throw ofSeed(unlike(world, DIFFERED_ONCE), searched.seed)
  return { tally, searched, fromCorpus: known.length }
}

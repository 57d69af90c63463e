import type { AnyStateMachine } from 'xstate'
import { problemOf } from '../errors/base.js'
import { InterruptionBugError, UnusableCorpusError, UnverifiableError } from '../errors/testing.js'
import type { ServiceDefinition } from '../service/definition.js'
import { asFound } from './as-found.js'
import { checkMode } from './check-options.js'
import type { Corpus } from './corpus.js'
import { neverMetOf } from './never-met.js'
import type { GivenOptions, SubjectArguments, VerifyOptions } from './options.js'
import { type BrokenByTwin, isBrokenByTwin } from './plans/shortest-way.js'
import { checkSteady } from './plans/steady.js'
import { checkTimely } from './plans/timely.js'
import { type StateKey, Twins } from './plans/twins.js'
import { unlike } from './plans/unlike.js'
import { counterexample } from './report/counterexample.js'
import { Matrix } from './report/matrix.js'
import { neverReachedOf } from './report/never-reached.js'
import { type SequenceTried, VerifyReport } from './report/report.js'
import { Tally } from './report/tally.js'
import { EVERY_PLAN, Run, type Share } from './run.js'
import { type Searched, search } from './search.js'
import { type Source, sourceOf } from './source.js'
import type { ServiceModule, Verified } from './subject.js'
import { withWorld } from './subject-world.js'
import { FirstContexts } from './world/first-contexts.js'
import { followsClock } from './world/policies.js'
import type { WorldOptions } from './world/world.js'

/**
 * A search that is made elsewhere and counted here. It comes to its end, or to the number of the first plan that has shown
 * something or of which something was thrown.
 */
export type SearchElsewhere = (
  tally: Tally,
) => Promise<{ readonly searched: Searched } | { readonly stoppedAt: number }>

/** More than the steps of one family of plans. */
const FAMILY_REMEMBERED = 100

/**
 * Tries a service under interruptions, each plan against an uninterrupted twin: what can be seen of it (state,
 * context with the identity of shared objects, children, timers, inbox, emitted events, effects by key and order) must be
 * the same after every step.
 *
 * `mode` says which plans: `random` (the default, which needs the package `fast-check`), `exhaustive` (every reachable state
 * × every kind of interruption × every next event) or `crashPoints` (every commit and effect of given sequences). Named
 * actions are noted and not run; actors that work outside need a driver; tasks run as they are.
 *
 * @param verified a machine, a definition with its version, timers and classes, or the module that exports one of them
 * @throws {InterruptionBugError} an interruption changed something: with the shortest plan found, what differed, a
 * diagram, and a token for `replay`
 * @throws {FlakyMachineError} the service differs from itself without any interruption, or once and not again with the same ones
 * @throws {BrokenInvariantError} an invariant does not hold without any interruption: with the shortest steps found,
 * and a token
 * @throws {BrokenMigrationError} the present version cannot go on from what the earlier one has left; likewise
 * @throws {InvalidOptionError} an option is unknown, is not what it must be, or names what the service does not have
 * @throws {UnverifiableError} the machine fails at its start, an actor has no driver, there is no event, the machine never
 * comes to rest, a delay of it never lets time pass, or there is no end of its states
 * @throws {ForeignTokenError} a plan of the corpus is damaged or of another version
 * @throws {UnusableCorpusError} the folder of the corpus cannot be read or written
 * @throws {MissingDriverError} fast-check is not installed
 * @throws {WorkerLostError} one of several workers cannot begin, has died, or hangs
 * @throws {DefinitionError} `defineService` refuses the machine
 * @throws {ModuleNotFoundError | TypeScriptModuleError | NoServiceError | ModuleFailedError} the module or its service cannot be had
 * @throws {UsageError} the options that the module exports are no object
 *
 * @example
 * ```ts
 * test('survives every interruption', () => verifyInterruptions(orders, { actors: { charge: { resolves: 'paid' } } }))
 * ```
 */
export async function verifyInterruptions<TMachine extends AnyStateMachine>(
  verified: Verified<TMachine> | ServiceModule,
  ...[given = {}]: SubjectArguments<TMachine, GivenOptions<TMachine>>
): Promise<VerifyReport> {
  return withWorld(verified, given, async (world, options, place) => {
    // What a module exports serves several modes.
    checkMode(given, options.mode)
    // Options of one machine are options of any.
    const all = options as VerifyOptions
    if ((all.workers ?? 1) === 1) return verifyWorld(world, all)
    // Loaded where they are wanted, since they know threads.
    const { sharing } = await import('./workers/sharing.js')
    const shared = sharing(
      world.standIn.definition.id,
      all,
      place && { place, given: given as VerifyOptions },
    )
    return verifyWorld(world, shared.options, shared.search)
  })
}

/** The same for a world that is made already: what is over its store need not be a service of this library. */
export async function verifyWorld(
  world: WorldOptions,
  options: VerifyOptions,
  elsewhere?: SearchElsewhere,
): Promise<VerifyReport> {
  const contexts = await FirstContexts.of(world)
  const ready = await preparedToBegin(world, options)
  const corpus = await openCorpus(options.corpus, world.standIn.definition)
  try {
    return await verified(world, options, ready, corpus, elsewhere)
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

async function verified(
  world: WorldOptions,
  options: VerifyOptions,
  { twins, source }: Prepared,
  corpus: Corpus | undefined,
  elsewhere: SearchElsewhere | undefined,
): Promise<VerifyReport> {
  const { definition } = world.standIn
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
  await fail(run, searched.seed)
  if (stoppedAt !== undefined) throw unlike(world, 'a plan differed once and then no more')
  if (Object.keys(tally.kinds).length === 0) {
    throw new UnverifiableError(
      'The service',
      `none of the interruptions ${source.kinds.join(', ')} came about in ${tally.plans} plans`,
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
      fromCorpus: known.length,
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

interface Prepared {
  readonly twins: Twins
  readonly source: Source
}

/** Where nothing can be sent, it may be since the machine cannot begin, which is told then. */
async function preparedToBegin(world: WorldOptions, options: VerifyOptions): Promise<Prepared> {
  try {
    return prepared(world, options)
  } catch (thrown) {
    if (thrown instanceof UnverifiableError) await new Twins(world).along([])
    throw thrown
  }
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

const sum = (sequences: readonly SequenceTried[], of: 'commits' | 'effects') =>
  sequences.reduce((all, one) => all + one[of], 0)

/** Loaded where it is wanted, since it knows a file system. */
async function openCorpus(
  folder: string | undefined,
  definition: ServiceDefinition,
): Promise<Corpus | undefined> {
  if (folder === undefined) return undefined
  const { folderCorpus } = await import('./corpus.js')
  return folderCorpus(folder, definition)
}

import type { AnyStateMachine, AnyStateNode } from 'xstate'
import { allNodes } from '../service/walk.js'
import type { Corpus } from './corpus.js'
import { loadFastCheck } from './fast-check.js'
import type { SubjectArguments, VerifyOptions } from './options.js'
import { checkTimely } from './plans/timely.js'
import { type StateKey, Twins } from './plans/twins.js'
import { counterexample } from './report/counterexample.js'
import { Matrix } from './report/matrix.js'
import { VerifyReport } from './report/report.js'
import { Run } from './run.js'
import { searchAtRandom, searchCrashPoints, searchExhaustively } from './search.js'
import { type Source, sourceOf } from './source.js'
import type { ServiceModule, Verified } from './subject.js'
import { withWorld } from './subject-world.js'
import { followsClock } from './world/policies.js'
import type { WorldOptions } from './world/world.js'

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
 * @throws {FlakyMachineError} the service differs from itself without any interruption
 * @throws {BrokenInvariantError} an invariant does not hold without any interruption
 * @throws {InvalidOptionError} an option is unknown, is not what it must be, or names what the service does not have
 * @throws {UnverifiableError} the machine fails at its start, an actor has no driver, there is no event, the machine never
 * comes to rest, or there is no end of its states
 * @throws {ForeignTokenError} a plan of the corpus is damaged or of another version
 * @throws {MissingDriverError} fast-check is not installed
 *
 * @example
 * ```ts
 * test('survives every interruption', () => verifyInterruptions(orders, { actors: { charge: { resolves: 'paid' } } }))
 * ```
 */
export async function verifyInterruptions<TMachine extends AnyStateMachine>(
  verified: Verified<TMachine> | ServiceModule,
  ...[options = {}]: SubjectArguments<TMachine, VerifyOptions<TMachine>>
): Promise<VerifyReport> {
  return withWorld(verified, options, (world) => verifyWorld(world, options))
}

/** The same for a world that is made already: what is over its store need not be a service of this library. */
export async function verifyWorld<TMachine extends AnyStateMachine>(
  world: WorldOptions,
  options: VerifyOptions<TMachine>,
): Promise<VerifyReport> {
  const { definition } = world.standIn
  const key = options.mode === 'exhaustive' ? options.key : undefined
  // Plans by chance share their beginning with those of their family alone.
  const mostRemembered = (options.mode ?? 'random') === 'random' ? FAMILY_REMEMBERED : undefined
  // Called with this machine's own snapshots.
  const twins = new Twins(world, key as StateKey, mostRemembered)
  const source = sourceOf(definition, options)
  const corpus = await openCorpus(options.corpus, definition.id)
  const run = new Run(world, twins, new Matrix(source.kinds, source.types), options.onPlan)
  const fail = async (seed: number | undefined) => {
    if (run.found === undefined) return
    await checkTimely(world, twins, run.found)
    const bug = await counterexample(world, twins, run.found, seed)
    // The shortest may have none of its interruptions left.
    await checkTimely(world, twins, bug)
    await corpus?.keep(bug)
    throw bug
  }
  const kept = (await corpus?.plans()) ?? []
  for (const plan of kept) if (await run.shows(plan)) await fail(undefined)

  const { seed, states, crashPoints } = await search(run, source, options)
  await fail(seed)
  const { reached } = run.matrix
  return new VerifyReport(
    {
      service: definition.id,
      version: definition.version,
      mode: options.mode ?? 'random',
      seed,
      runs: run.plans,
      steps: run.steps,
      fromCorpus: kept.length,
      kinds: run.kinds,
      states,
      crashPoints,
      timersAsDeadlines: crashPoints !== undefined && !followsClock(world),
      neverReached: allNodes(definition.machine)
        .filter((node) => node.type === 'atomic' && !isLeftAtOnce(node) && !reached.has(node.id))
        .map(({ id }) => id),
    },
    run.matrix,
  )
}

/** Nobody finds it there between two events. */
function isLeftAtOnce({ always = [] }: AnyStateNode): boolean {
  return always.some(({ guard }) => guard === undefined)
}

/** Loaded where it is wanted, since it knows a file system. */
async function openCorpus(folder: string | undefined, service: string): Promise<Corpus | undefined> {
  if (folder === undefined) return undefined
  const { folderCorpus } = await import('./corpus.js')
  return folderCorpus(folder, service)
}

async function search(
  run: Run,
  source: Source,
  options: VerifyOptions,
): Promise<{
  readonly seed?: number
  readonly states?: number
  readonly crashPoints?: { readonly commits: number; readonly effects: number }
}> {
  if (options.mode === 'crashPoints') return { crashPoints: await searchCrashPoints(run, options.sequences) }
  if (options.mode === 'exhaustive') return { states: await searchExhaustively(run, source, options) }
  return { seed: await searchAtRandom(await loadFastCheck(), run, source, options) }
}

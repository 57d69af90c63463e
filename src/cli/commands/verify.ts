import { availableParallelism } from 'node:os'
import { problemOf, TardigradeError } from '../../errors/base.js'
import { UsageError } from '../../errors/cli.js'
import { ForeignTokenError, InterruptionBugError, WorkerLostError } from '../../errors/testing.js'
import { definitionsOf, findServices } from '../../modules/find-service.js'
import { importModule, type ModuleExports } from '../../modules/import-module.js'
import { warnOfDefinition } from '../../runtime/warn-of-definition.js'
import type { ServiceDefinition } from '../../service/definition.js'
import { optionsOf } from '../../testing/in-module.js'
import {
  replay,
  type ServiceModule,
  type VerifyMode,
  type VerifyOptions,
  type VerifyReport,
  verifyInterruptions,
} from '../../testing/index.js'
import { machinesAsServices } from '../../testing/machines-as-services.js'
import { isBrokenByTwin } from '../../testing/plans/shortest-way.js'
import { EXIT, exitCodeOf } from '../exit-codes.js'
import { argument } from '../format.js'
import { tellNote, tellWarning } from '../note.js'
import { type Output, toJson } from '../output.js'
import { progressBar } from '../progress.js'
import { asData, type Bug, inWords, type Verified } from '../verified.js'

export interface VerifyCommandOptions {
  readonly export?: string
  readonly runs?: number
  readonly seed?: number
  readonly replay?: string
  readonly mode?: VerifyMode
  readonly depth?: number
  readonly corpus?: string
  readonly matrix?: boolean
  readonly isolate?: 'process'
  readonly workers?: number
}

/** Takes a few seconds; a test in a suite takes fewer. */
const RUNS = 1000

/** So many plans a worker are worth its start: with fewer each has to compile the same for little. */
const RUNS_OF_A_WORKER = 2000

/** Each takes seconds, with processes of its own. */
const ISOLATED_RUNS = 10

/**
 * `tardigrade verify MODULE`: tries the module's services under random interruptions, as `verifyInterruptions` does, with
 * the options that the module exports as `verify`.
 *
 * @throws every error of the module, and of `verifyInterruptions` but for what it finds
 */
export async function verify(output: Output, module: string, options: VerifyCommandOptions): Promise<number> {
  const refusals: Verified[] = []
  const exports = machinesAsServices(await importModule(module), options.export, (one) => refusals.push(one))
  const noneLeft = refusals.length > 0 && definitionsOf(exports).length === 0
  const services = noneLeft ? [] : findServices(module, exports, options.export)
  checkAlone(options)
  const { isolate } = options
  const given = { ...verifyOptionsOf(module, exports), ...(isolate === undefined ? {} : { isolate }) }
  // Workers, and processes of their own, load it themselves, by the name that it has there.
  const named = services.map((service) => ({ service, place: placeOf(module, service, exports) }))
  for (const service of services)
    warnOfDefinition(service, (warning) => tellWarning(output, problemOf(warning)))
  const verified: Verified[] = []
  if (options.replay === undefined || noneLeft) {
    for (const one of named) verified.push(await triedOrNot(output, one, options, given))
    verified.push(...refusals)
  } else verified.push(await replayed(named, options.replay, options))
  throwCommon(verified)
  if (output.json) output.out(toJson({ verified: verified.map((one) => asData(output, one)) }))
  else
    for (const one of verified)
      output.out(inWords(output, commandsFor(module, options, given), one, options.matrix === true))
  if (verified.some(({ bug }) => bug !== undefined)) return EXIT.failed
  const refused = verified.find(({ error }) => error !== undefined)
  return refused === undefined ? EXIT.done : exitCodeOf(refused.error)
}

/** @throws {UsageError} a token is replayed, and there is an option that would say nothing to it */
function checkAlone({ replay: token, ...options }: VerifyCommandOptions): void {
  const { runs, seed, mode, depth, corpus, workers, matrix } = options
  const besides = Object.entries({ runs, seed, mode, depth, corpus, workers, matrix })
  const names = besides.filter(([, value]) => value !== undefined).map(([name]) => `--${name}`)
  if (token === undefined || names.length === 0) return
  throw new UsageError('--replay runs the plan of its token alone.', `Leave out ${names.join(' and ')}.`)
}

/** One that cannot be verified keeps no other from its turn. */
async function triedOrNot(...args: Parameters<typeof tried>): Promise<Verified> {
  try {
    return await tried(...args)
  } catch (error) {
    if (!(error instanceof TardigradeError)) throw error
    return { service: args[1].service.id, error }
  }
}

/** @throws what keeps all of them from being verified, which is of the command or of the only one */
function throwCommon([first, ...others]: readonly Verified[]): void {
  const error = first?.error
  if (error !== undefined && others.every((other) => other.error?.message === error.message)) throw error
}

/** The commands that show again what a token stands for, as it was found. */
function commandsFor(
  module: string,
  { export: name }: VerifyCommandOptions,
  { isolate }: VerifyOptions,
): (bug: Bug) => readonly string[] {
  const chosen = name === undefined ? '' : ` --export ${argument(name)}`
  const isolated = isolate === undefined ? '' : ` --isolate ${isolate}`
  const look = (token: string) =>
    isolate === undefined
      ? `Look at it: npx tardigrade inspect --counterexample ${token} ${argument(module)}${chosen}`
      : 'The page cannot show it: what processes of their own do is not recorded.'
  return (bug) => {
    const { token = '' } = bug
    return [
      `Replay it: npx tardigrade verify ${argument(module)}${chosen}${isolated} --replay ${token}`,
      // The page shows what an interruption changes.
      bug instanceof InterruptionBugError ? look(token) : bug.remedy,
    ]
  }
}

/** A service, and where the kit finds it. */
interface Named {
  readonly service: ServiceDefinition
  readonly place: ServiceModule
}

function placeOf(module: string, service: ServiceDefinition, exports: ModuleExports): ServiceModule {
  // It was found there.
  const name = Object.entries(exports).find(([, value]) => value === service)?.[0] ?? 'default'
  return { module, export: name, options: exports.verify === undefined ? undefined : 'verify' }
}

/** What the module says of how its services are verified. */
export function verifyOptionsOf(module: string, exports: ModuleExports): VerifyOptions {
  return exports.verify === undefined ? {} : optionsOf(module, exports, 'verify')
}

async function tried(
  output: Output,
  { service, place }: Named,
  asked: VerifyCommandOptions,
  given: VerifyOptions,
): Promise<Verified> {
  const { mode = given.mode ?? 'random' } = asked
  const usual = given.isolate === undefined ? RUNS : ISOLATED_RUNS
  const runs = asked.runs ?? ('runs' in given ? given.runs : undefined) ?? usual
  const { seed, depth, corpus, isolate, runs: plans } = asked
  const wanted = asked.workers ?? (given.isolate === undefined ? given.workers : 1)
  const workers = wanted ?? workersFor(mode, runs)
  const bar = progressBar(output, service.id, mode === 'random' ? runs : 0)
  let left = runs
  // Those of a corpus, and with which fast-check makes data smaller, are more than were asked for.
  const onPlan = () => {
    if (mode === 'random' && left-- > 0) bar.step()
  }
  const told = Object.entries({ runs: plans, seed, depth, corpus, isolate }).filter(
    ([, value]) => value !== undefined,
  )
  // They come over those of the module, of which each mode takes what it knows of.
  const chosen = { mode, workers, onPlan, ...Object.fromEntries(told) }
  const options = (mode === 'random' ? { ...chosen, runs } : chosen) as VerifyOptions
  try {
    return await bugOf(service, async () => ({ report: await verifyInterruptions(place, options) }))
  } catch (error) {
    // Nobody has asked for workers, and one thread needs none.
    if (wanted !== undefined || !(error instanceof WorkerLostError) || error.hangs) throw error
    bar.stop()
    tellNote(output, `All is verified in one thread. ${problemOf(error)}`)
    return await tried(output, { service, place }, { ...asked, workers: 1 }, given)
  } finally {
    bar.stop()
  }
}

/** As many as there are processors, where each has enough to do. */
function workersFor(mode: VerifyMode, runs: number): number {
  if (mode !== 'random') return 1
  return Math.max(1, Math.min(availableParallelism(), Math.floor(runs / RUNS_OF_A_WORKER)))
}

/** The token says which service it is of, and each refuses those of others. */
async function replayed(
  services: readonly Named[],
  token: string,
  { isolate }: VerifyCommandOptions,
): Promise<Verified> {
  let foreign: unknown
  for (const { service, place } of services) {
    try {
      return await bugOf(service, async () => {
        await replay(place, token, isolate === undefined ? {} : { isolate })
        return {}
      })
    } catch (error) {
      if (!(error instanceof ForeignTokenError)) throw error
      foreign = error
    }
  }
  throw foreign
}

async function bugOf(
  { id: service }: ServiceDefinition,
  run: () => Promise<{ readonly report?: VerifyReport }>,
): Promise<Verified> {
  try {
    return { service, ...(await run()) }
  } catch (error) {
    // The kit’s own: its steps are those of a plan.
    if (error instanceof InterruptionBugError || isBrokenByTwin(error)) return { service, bug: error as Bug }
    throw error
  }
}

import type { AnyStateMachine } from 'xstate'
import { checkMode } from './check-options.js'
import type { GivenOptions, SubjectArguments, VerifyOptions } from './options.js'
import type { VerifyReport } from './report/report.js'
import type { ServiceModule, Verified } from './subject.js'
import { withWorld } from './subject-world.js'
import { verifyWorld } from './verify-world.js'

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
 * @throws {BrokenCaptureError} it comes, without any interruption, into a state that no checkpoint can keep; likewise
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
    // Whoever knows the machine's types has no need of them: options of one are options of any.
    const source = place && { place, given: given as VerifyOptions }
    // Loaded where they are wanted, since they know threads.
    const { sharing } = await import('./workers/sharing.js')
    const shared = sharing(world.standIn.definition.id, all, source)
    return verifyWorld(world, shared.options, shared.search)
  })
}

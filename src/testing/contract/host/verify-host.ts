import { milliseconds } from '../../../errors/option-checks.js'
import { UnverifiableError } from '../../../errors/testing.js'
import { loadFastCheck } from '../../fast-check.js'
import {
  type ContractOptions,
  type ContractReport,
  checkContractOptions,
  newSeed,
  runContract,
} from '../run.js'
import { beginningCases, endingCases } from './ending.js'
import { holdingCases } from './holding.js'
import { type HostCase, HostScene, interruptionsOf, type MakeHost } from './scene.js'
import { supervisedCases } from './supervised.js'

/** What is broken may break what comes after it: what a host says comes before what becomes of it. */
const CASES: readonly HostCase[] = [...beginningCases, ...holdingCases, ...endingCases, ...supervisedCases]

/** How a host is tried. */
export interface VerifyHostOptions extends ContractOptions {
  /** How long a platform may take until its host has said what is to be said, in ms. Default 2,000. */
  readonly patienceMs?: number
}

/** The names of the cases of a host's contract, for `only`. */
export const hostCases: readonly string[] = CASES.map(({ name }) => name)

/**
 * Tries a host against the contract of `Host`: that it says what its platform does in words that are known, releases what
 * it held, gives its deadlines, shuts down once, and leaves nothing behind; alone, and with a real supervisor. It needs
 * no test runner, and the package `fast-check`.
 *
 * @param make makes a platform with a host of its own; it is called for every case, and often for the random ones
 * @returns `untried`: the cases for which it was not said how the platform is moved
 * @throws {ContractBrokenError} with every case that failed, what was expected, and where to look
 * @throws {UnverifiableError} nothing was said of how the platform is moved
 * @throws {InvalidOptionError} an option is unknown, or is not what it must be
 * @throws {UnknownCaseError} `only` names a case that is not there
 * @throws {MissingDriverError} fast-check is not installed
 *
 * @example
 * ```ts
 * test('keeps the contract of hosts', () =>
 *   verifyHost(() => {
 *     const network = new EventTarget()
 *     const say = (type: string) => () => network.dispatchEvent(new Event(type))
 *     return { host: networkHost(network), interruptions: { offline: { begin: say('offline'), end: say('online') } } }
 *   }))
 * ```
 */
export async function verifyHost(make: MakeHost, options: VerifyHostOptions = {}): Promise<ContractReport> {
  checkContractOptions('verifyHost', options, { patienceMs: milliseconds })
  const { seed = newSeed(), runs = 25, patienceMs = 2000 } = options
  const chance = { fc: await loadFastCheck(), seed, runs }
  const probe = await make()
  await probe.dispose?.()
  const known = {
    interruptions: interruptionsOf(probe).length > 0,
    shutdown: probe.shutdown !== undefined,
    listeners: probe.listeners !== undefined,
  }
  if (!known.interruptions && !known.shutdown) {
    throw new UnverifiableError(
      'The host',
      'nothing is said of what its platform does',
      'Give `interruptions`, by name how each begins and ends, or `shutdown`.',
    )
  }
  const open = () => new HostScene(make, chance, patienceMs)
  return runContract('host', CASES, known, open, { ...options, seed })
}

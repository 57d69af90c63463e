import { loadFastCheck } from '../../fast-check.js'
import {
  type ContractOptions,
  type ContractReport,
  checkContractOptions,
  newSeed,
  runContract,
} from '../run.js'
import { checkMake } from './check-make.js'
import { commitCases } from './commits.js'
import { deathCases } from './deaths.js'
import { failingCases } from './failing.js'
import { keyCases } from './keys.js'
import { listCases } from './lists.js'
import { modelCases } from './model.js'
import { ownershipCases } from './ownership.js'
import { quarantineCases } from './quarantine.js'
import { type MakeStore, StoreScene } from './scene.js'

const CASES = [
  ...commitCases,
  ...keyCases,
  ...listCases,
  ...quarantineCases,
  ...ownershipCases,
  ...deathCases,
  ...failingCases,
  ...modelCases,
]

/** The names of the cases of a store's contract, for `only`. */
export const storeCases: readonly string[] = CASES.map(({ name }) => name)

/**
 * Tries a store against the contract of `Store`: what becomes of commits, keys, lists, quarantine and ownership, with
 * owners that are killed around a commit, stale ones that wake, hostile keys, large texts, and random commands
 * against a model. It needs no test runner, and the package `fast-check`.
 *
 * Where `make` says how its medium fails (`failWrites`), what becomes of a write that it refuses is tried, too. What only a real power cut or another process shows is left to tests of your own.
 *
 * @param make makes a fresh, empty store; it is called for every case, and often for the random ones
 * @returns `untried`: the cases for which it was not said how the medium fails
 * @throws {ContractBrokenError} with every case that failed, what was expected, and where to look
 * @throws {InvalidOptionError} `make` is no function, or what it makes has no store or no `loseLock`; an option is unknown, or is not what it must be
 * @throws {UnknownCaseError} `only` names a case that is not there
 * @throws {MissingDriverError} fast-check is not installed
 *
 * @example
 * ```ts
 * test('keeps the contract of stores', () =>
 *   verifyStore(({ keep }) => {
 *     const store = memoryStore({ keep })
 *     return { store, loseLock: store.loseLock }
 *   }), 60_000)
 * ```
 */
export async function verifyStore(make: MakeStore, options: ContractOptions = {}): Promise<ContractReport> {
  checkContractOptions('verifyStore', options)
  const { seed = newSeed(), runs = 25 } = options
  const known = { failWrites: (await checkMake(make)).failWrites !== undefined }
  const chance = { fc: await loadFastCheck(), seed, runs }
  return runContract('store', CASES, known, () => new StoreScene(make, chance), { ...options, seed })
}

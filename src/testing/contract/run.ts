import { type BrokenPromise, ContractBrokenError, UnknownCaseError } from '../../errors/contract.js'
import {
  be,
  checkOptions,
  listOf,
  milliseconds,
  type OptionCheck,
  wholeFrom,
} from '../../errors/option-checks.js'
import { timerMs } from '../../platform/timer.js'
import { isMisspelt } from '../misspelt.js'
import { parted } from '../parted.js'
import { inWords, Unmet } from './expect.js'
import { firstOf } from './follows.js'
import type { ContractCase, Scene } from './scene.js'

/** How a contract is tried. */
export interface ContractOptions {
  /** Names of the cases to try. Default: all. */
  readonly only?: readonly string[]
  /** Repeats what an earlier run tried at random. Default: by chance. */
  readonly seed?: number
  /** How often each case tries something at random. Default 25. */
  readonly runs?: number
  /** A case that has not ended after this time counts as failed, in ms. Default 30,000. */
  readonly timeoutMs?: number
}

/** What was tried, and found sound. */
export interface ContractReport {
  /** The names of the cases. */
  readonly cases: readonly string[]
  /** Cases that could not be tried, since nothing was said of how. */
  readonly untried: readonly string[]
  /** Repeats what was tried at random. */
  readonly seed: number
}

const CHECKS = {
  only: parted(
    'only',
    listOf('a list of one or more names of cases', (value) => typeof value === 'string'),
  ),
  seed: be('a whole number', Number.isSafeInteger),
  runs: wholeFrom(1),
  timeoutMs: milliseconds,
}

/**
 * Options that would say nothing.
 * @throws {InvalidOptionError} one is unknown, or is not what it must be
 */
export function checkContractOptions(
  of: string,
  options: object,
  more: Readonly<Record<string, OptionCheck>> = {},
): void {
  checkOptions(of, options, { ...CHECKS, ...more })
}

/** A seed by chance. */
export function newSeed(): number {
  return Math.floor(Math.random() * 2 ** 31)
}

/**
 * Tries the cases one after another, each in a scene of its own, but for those that need what is not known of the adapter.
 * @throws {ContractBrokenError} cases failed: all of them are in it
 * @throws {UnknownCaseError} one was asked for that is not there
 */
export async function runContract<TScene extends Scene>(
  adapter: string,
  cases: readonly ContractCase<TScene>[],
  known: Readonly<Record<string, boolean>>,
  open: () => TScene,
  { only, seed, timeoutMs = 30_000 }: ContractOptions & { readonly seed: number },
): Promise<ContractReport> {
  const names = cases.map(({ name }) => name)
  const unknown = (only ?? []).findIndex((name) => !names.includes(name))
  if (only !== undefined && unknown >= 0) {
    const name = only[unknown] ?? ''
    const meant = names.find((one) => isMisspelt(name, one))
    throw new UnknownCaseError(name, `only[${unknown}]`, names, meant)
  }
  const asked = cases.filter(({ name }) => only?.includes(name) ?? true)
  const chosen = asked.filter(({ needs = [] }) => needs.every((need) => known[need]))
  const untried = asked.filter((one) => !chosen.includes(one)).map(({ name }) => name)
  const broken: BrokenPromise[] = []
  for (const one of chosen) {
    try {
      await within(timeoutMs, play(one, open()))
    } catch (thrown) {
      const own = thrown instanceof Unmet
      const problem = own ? thrown.message : `It throws ${inWords(thrown)}`
      const found = { case: one.name, problem, remedy: one.remedy, ...(own ? {} : { cause: thrown }) }
      const first = firstOf(found, broken)
      broken.push(first === undefined ? found : { ...found, follows: first.case })
    }
  }
  if (broken.length > 0) throw new ContractBrokenError(adapter, broken, seed, chosen.length)
  return { cases: chosen.map(({ name }) => name), untried, seed }
}

async function play<TScene extends Scene>(one: ContractCase<TScene>, scene: TScene): Promise<void> {
  try {
    await one.run(scene)
  } catch (error) {
    // What went wrong first is what is told.
    await scene.end().catch(() => {})
    throw error
  }
  await scene.end()
}

async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const unmet = new Unmet(`It has not ended after ${timeoutMs} ms: something is never answered, or slow.`)
    timer = setTimeout(() => reject(unmet), timerMs(timeoutMs))
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

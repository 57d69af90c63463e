import { aFunction, be, checkOptions, from0, type OptionCheck } from '../errors/option-checks.js'

/** What all stores of this library understand. */
export interface StoreOptions {
  /**
   * The checkpoints of how many last sequences a key keeps, 1 to 100. Default 3; a folder that holds a store
   * keeps as many as it was told before.
   */
  readonly keep?: number
  /** Milliseconds since 1970, for the owner's and the quarantine's times. Default `Date.now`. */
  readonly now?: () => number
}

/** The options with their defaults. */
export interface ResolvedStoreOptions {
  readonly keep: number
  /** Whether somebody asked for this `keep`. */
  readonly keepGiven: boolean
  readonly now: () => number
}

const MOST_KEPT = 100

const CHECKS: Readonly<Record<keyof StoreOptions, OptionCheck>> = {
  keep: be(
    `a whole number from 1 to ${MOST_KEPT}`,
    (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MOST_KEPT,
  ),
  now: aFunction,
}

/**
 * Fills in the defaults.
 * @param of the store's name
 * @param own checks of the options that it has beside those of all
 * @throws {InvalidOptionError} an option is unknown, or out of its range
 */
export function resolveOptions(
  of: string,
  options: StoreOptions,
  own: Readonly<Record<string, OptionCheck>> = {},
): ResolvedStoreOptions {
  checkOptions(of, options, { ...CHECKS, ...own })
  const { keep = 3, now = Date.now } = options
  return { keep, keepGiven: options.keep !== undefined, now }
}

/** What `list` is asked for. */
export type Page = { readonly after?: string; readonly limit?: number }

const LARGEST_PAGE = 1_000_000

const PAGE = { after: be('a text', (value) => typeof value === 'string'), limit: from0 }

/**
 * The page with its defaults; a limit that is no whole number is cut to one.
 * @throws {InvalidOptionError} it says nothing, or something else than was meant
 */
export function resolvePage(page: Page = {}): { readonly after: string; readonly limit: number } {
  checkOptions('list', page, PAGE)
  const limit = Math.trunc(page.limit ?? 1000)
  // Every key has a character, so the empty text stands before all of them.
  return { after: page.after ?? '', limit: limit > 0 ? Math.min(limit, LARGEST_PAGE) : 0 }
}

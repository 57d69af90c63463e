import { InvalidOptionError } from '../errors/options.js'

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

/**
 * Fills in the defaults.
 * @throws {InvalidOptionError} `keep` is no whole number from 1 to 100
 */
export function resolveOptions(options: StoreOptions): ResolvedStoreOptions {
  const { keep = 3, now = Date.now } = options
  if (!Number.isInteger(keep) || keep < 1 || keep > MOST_KEPT) {
    throw new InvalidOptionError('keep', keep, `a whole number from 1 to ${MOST_KEPT}`)
  }
  return { keep, keepGiven: options.keep !== undefined, now }
}

/** What `list` is asked for. */
export type Page = { readonly after?: string; readonly limit?: number }

const LARGEST_PAGE = 1_000_000

/** The page with its defaults; a limit that is no whole number is cut to one. */
export function resolvePage(page: Page = {}): { readonly after: string; readonly limit: number } {
  const limit = Math.trunc(page.limit ?? 1000)
  // Every key has a character, so the empty text stands before all of them.
  return { after: page.after ?? '', limit: limit > 0 ? Math.min(limit, LARGEST_PAGE) : 0 }
}

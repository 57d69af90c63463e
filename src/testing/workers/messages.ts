import type { Place } from '../in-module.js'
import type { VerifyOptions } from '../options.js'
import type { Counts } from '../report/tally.js'
import type { Searched } from '../search.js'

/** What a worker is begun with. */
export interface Assignment {
  readonly place: Place
  /** What was given beside the options of the module, as data. */
  readonly given: VerifyOptions
  /** The number of the next block that nobody has begun, and what the worker has done so far, so that all see it. */
  readonly shared: Int32Array
  /** Where in that this worker counts. */
  readonly beat: number
}

/** What a worker tells. */
export type Told =
  /** What was counted in a block of plans. */
  | { readonly tells: 'block'; readonly block: number; readonly counts: Counts }
  /** That plan has shown something, or something was thrown as it was made or run: it goes no further. */
  | { readonly tells: 'shown'; readonly plan: number }
  /** The search has come to its end. */
  | { readonly tells: 'end'; readonly searched: Searched }
  /** It cannot begin. */
  | { readonly tells: 'refusal'; readonly message: string }

/** One thing that doctor found. */
export interface Finding {
  /** `attention` makes doctor's exit code 1; a `note` is good to know. */
  readonly level: 'attention' | 'note'
  readonly code: string
  readonly key?: string
  readonly problem: string
  /** What to do, as a sentence. */
  readonly remedy: string
}

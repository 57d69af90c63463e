import { problemOf } from './base.js'

/** How a failure names the event of the inbox that it came at. */
const AT_EVENT = /^(The machine failed) at the event “.*?”(?: \(key “.*?”\))? of its inbox:/s

/** What is read of a failure; `failure` is the one that a `FailedEarlierError` tells of. */
export interface ToldFailure {
  readonly message: string
  readonly code?: unknown
  readonly remedy?: string | undefined
  readonly failure?: { readonly message: string } | undefined
}

/**
 * The failure in words that an interruption may not change. Who finds a service that has failed in an earlier life is told that, and when: it
 * is the same failure. Whether the event that it came at had waited in the inbox is for the interruption to decide.
 */
export function failedFirst(told: ToldFailure): string {
  const earlier = told.code === 'FAILED_EARLIER' ? told.failure?.message : undefined
  return (earlier ?? problemOf(told)).replace(AT_EVENT, '$1:')
}

const WORTH_RETRYING: ReadonlySet<number> = new Set([408, 425, 429])

/** Whether the same request may succeed later: the receiver is at fault, or asks for patience. */
export function isWorthRetrying(status: number): boolean {
  return status >= 500 || WORTH_RETRYING.has(status)
}

/**
 * What `Retry-After` asks for, in ms; undefined where it says nothing sensible. A date is read against the
 * answer's own `Date`, so that the two clocks need not agree.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const value = headers.get('retry-after')
  if (value === null) return undefined
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000
  const atMs = Date.parse(value)
  if (Number.isNaN(atMs)) return undefined
  const theirNowMs = Date.parse(headers.get('date') ?? '')
  return Math.max(0, atMs - (Number.isNaN(theirNowMs) ? nowMs : theirNowMs))
}

/** What went wrong, in words, with the causes that `fetch` hides one level down. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

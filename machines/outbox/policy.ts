/** How patiently an endpoint is tried. */
export interface Policy {
  /** Tries before a notification becomes a dead letter, the first included. Default 8. */
  readonly maxTries: number
  /** Delay after the first failure, in ms; it doubles with each further one. Default 1,000. */
  readonly baseDelayMs: number
  /** Longest delay, in ms; `Retry-After` may ask for more. Default 3,600,000. */
  readonly maxDelayMs: number
  /** How long one try may take, in ms. Default 10,000. */
  readonly timeoutMs: number
}

export const DEFAULT_POLICY: Policy = {
  maxTries: 8,
  baseDelayMs: 1000,
  maxDelayMs: 3_600_000,
  timeoutMs: 10_000,
}

/** A receiver may ask for patience, but not for ever. */
const LONGEST_RETRY_AFTER_MS = 86_400_000

/**
 * The delay before the next try, in ms: exponential, with jitter between half and all of it.
 *
 * The jitter comes from `seed` and the number of tries instead of chance, so that the same history always
 * waits equally long, while many senders still spread.
 */
export function backoffMs(
  policy: Pick<Policy, 'baseDelayMs' | 'maxDelayMs'>,
  tries: number,
  seed: string,
  retryAfterMs = 0,
): number {
  const full = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (tries - 1))
  const jittered = Math.round(full * (0.5 + fraction(`${seed}/${tries}`) / 2))
  return Math.max(jittered, Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS))
}

/** A number from 0 to 1 that looks random and depends on the text alone (FNV-1a, then mixed). */
function fraction(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

import pRetry from 'p-retry'

/** How often and how patiently a step is tried again. Delays grow by `factor`, with jitter. */
export interface RetryOptions {
  /** Tries after the first. Default 0. */
  readonly retries?: number
  /** Delay before the second try, in ms. Default 1,000. */
  readonly minDelayMs?: number
  /** Longest delay, in ms. Default 60,000. */
  readonly maxDelayMs?: number
  /** Growth of the delay. Default 2. */
  readonly factor?: number
  /** Whether this error is worth another try. Default: every error is. */
  readonly shouldRetry?: (error: Error) => boolean
}

/** An attempt's own failure, kept from p-retry: it would judge some kinds of error itself, and mark them. */
class Failed extends Error {
  constructor(readonly reason: unknown) {
    super('the attempt failed')
  }
}

/**
 * Runs `attempt` until it succeeds or the tries are used up. `quit` ends the waiting between two tries,
 * never an attempt under way.
 */
export async function withRetries<T>(
  attempt: () => Promise<T> | T,
  options: RetryOptions,
  quit: AbortSignal,
): Promise<T> {
  const { retries = 0, minDelayMs = 1000, maxDelayMs = 60_000, factor = 2, shouldRetry } = options
  const waiting = new AbortController()
  let attempting = false
  const stopWaiting = () => {
    if (!attempting) waiting.abort(quit.reason)
  }
  quit.addEventListener('abort', stopWaiting)
  try {
    return await pRetry(
      async () => {
        attempting = true
        try {
          return await attempt()
        } catch (reason) {
          throw new Failed(reason)
        } finally {
          attempting = false
        }
      },
      {
        retries,
        minTimeout: minDelayMs,
        maxTimeout: maxDelayMs,
        factor,
        randomize: true,
        signal: waiting.signal,
        shouldRetry: ({ error }) => !quit.aborted && (shouldRetry?.(reasonOf(error) as Error) ?? true),
      },
    )
  } catch (error) {
    throw reasonOf(error)
  } finally {
    quit.removeEventListener('abort', stopWaiting)
  }
}

function reasonOf(error: unknown): unknown {
  return error instanceof Failed ? error.reason : error
}

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

/** All that p-retry asks of a signal: React Native’s own have neither a reason nor `throwIfAborted`. */
class Waiting {
  #end: (() => void) | undefined
  #over = false
  reason: unknown

  throwIfAborted(): void {
    if (this.#over) throw this.reason
  }

  addEventListener(_: 'abort', end: () => void): void {
    this.#end = end
  }

  removeEventListener(): void {
    this.#end = undefined
  }

  end(reason: unknown): void {
    this.#over = true
    this.reason = reason
    this.#end?.()
  }
}

/**
 * Runs `attempt` until it succeeds or the tries are used up. `quit` ends the waiting between two tries,
 * never an attempt under way.
 *
 * @param quitWith gives what is thrown then
 */
export async function withRetries<T>(
  attempt: () => Promise<T> | T,
  options: RetryOptions,
  quit: AbortSignal,
  quitWith: () => unknown,
): Promise<T> {
  const { retries = 0, minDelayMs = 1000, maxDelayMs = 60_000, factor = 2, shouldRetry } = options
  const waiting = new Waiting()
  let attempting = false
  const stopWaiting = () => {
    if (!attempting) waiting.end(quitWith())
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
        // It has what p-retry asks for.
        signal: waiting as unknown as AbortSignal,
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

import pRetry from 'p-retry'
import { aFunction, checkOptions, from0, milliseconds, type OptionCheck } from '../errors/option-checks.js'

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

const CHECKS = {
  retries: from0,
  minDelayMs: milliseconds,
  maxDelayMs: milliseconds,
  factor: from0,
  shouldRetry: aFunction,
}

/** As an option of its own: what is wrong in it is told by its name. */
export const RETRY: OptionCheck = {
  expected: '',
  wrong: (retry) => {
    checkOptions('retry', retry, CHECKS)
    return []
  },
}

/** An attempt's own failure, kept from p-retry: it would judge some kinds of error itself, and mark them. */
class Failed extends Error {
  constructor(readonly reason: unknown) {
    super()
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
  let attempting = false
  let end: (() => void) | undefined
  const stopWaiting = () => {
    if (attempting) return
    waiting.reason = quitWith()
    end?.()
  }
  // All that p-retry asks of a signal: React Native’s own have neither a reason nor `throwIfAborted`.
  const waiting = {
    reason: undefined as unknown,
    throwIfAborted() {
      if (waiting.reason !== undefined) throw waiting.reason
    },
    addEventListener(_: 'abort', run: () => void) {
      end = run
    },
    removeEventListener() {
      end = undefined
    },
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

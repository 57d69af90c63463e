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

/** Longest delay that a timer knows; beyond it, it would fire at once. */
const LONGEST_MS = 2 ** 31 - 1

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
  for (let tried = 0; ; tried++) {
    try {
      return await attempt()
    } catch (error) {
      // Whatever was thrown, it is the author's to judge.
      const again = tried < retries && !quit.aborted && (shouldRetry?.(error as Error) ?? true)
      if (!again) throw error
    }
    const delayMs = (1 + Math.random()) * minDelayMs * factor ** tried
    await waiting(Math.min(delayMs, maxDelayMs, LONGEST_MS), quit)
    if (quit.aborted) throw quitWith()
  }
}

/** Resolves after this time, or when it is quit. */
async function waiting(delayMs: number, quit: AbortSignal): Promise<void> {
  if (quit.aborted) return
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer)
      quit.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, delayMs)
    quit.addEventListener('abort', end)
  })
}

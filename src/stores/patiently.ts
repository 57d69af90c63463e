import pRetry from 'p-retry'

const FIRST_DELAY_MS = 10
const LONGEST_DELAY_MS = 500

/** Runs the work again while the server is away, until it has been away for so long. */
export function patiently<T>(
  patienceMs: number,
  isAway: (error: unknown) => boolean,
  work: () => Promise<T>,
): Promise<T> {
  return pRetry(work, {
    retries: Number.POSITIVE_INFINITY,
    maxRetryTime: patienceMs,
    minTimeout: FIRST_DELAY_MS,
    maxTimeout: LONGEST_DELAY_MS,
    factor: 2,
    randomize: true,
    shouldRetry: ({ error }) => isAway(error),
  })
}

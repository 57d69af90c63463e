let current: string | undefined

/** Runs `run` with `effectKey()` answering `key`. */
export function withEffectKey<T>(key: string, run: () => T): T {
  const outer = current
  current = key
  try {
    return run()
  } finally {
    current = outer
  }
}

/**
 * The stable key of the effect that is running: the same when it runs again after a crash, so give it to
 * the receiver as its idempotency key. One that the machine decides again, as a promise that it invokes anew
 * after an error, has another: there an id of the context is the key.
 *
 * Answers in the synchronous part of a custom action, and of the creator of a promise, callback or
 * observable; read it before the first `await`. Undefined anywhere else, such as in plain XState.
 *
 * @example
 * ```ts
 * charge: ({ context }) => fetch(url, { method: 'POST', headers: { 'Idempotency-Key': effectKey() ?? '' } })
 * ```
 */
export function effectKey(): string | undefined {
  return current
}

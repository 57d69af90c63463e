/** A Web Lock that was granted. */
export interface Grip {
  release(): void
  /** Resolves when it was released; rejects when it was taken away. */
  readonly over: Promise<unknown>
}

/** Asks the browser for the lock of this name; undefined where it is not available. */
export function grip(name: string, options: LockOptions): Promise<Grip | undefined> {
  return new Promise((resolve, reject) => {
    const over: Promise<unknown> = navigator.locks.request(name, options, (lock) => {
      // Who has given up waiting wants it no more, though it may be granted at that very moment.
      if (lock === null || options.signal?.aborted) return resolve(undefined)
      return new Promise<void>((release) => resolve({ release, over }))
    })
    // One that is taken away later rejects as well, and finds the promise settled.
    over.catch(reject)
  })
}

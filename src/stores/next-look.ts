const LOOK_MS = 250

/** Resolves when whoever waits for a store on a server is to look again whether it is free; rejects then where it waits no more. */
export const nextLook = (signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    setTimeout(() => (signal?.aborted ? reject(signal.reason) : resolve()), LOOK_MS)
  })

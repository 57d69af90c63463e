/** Somebody who waits until something is durable. */
export interface Ack {
  resolve(): void
  reject(error: Error): void
}

/** A promise, and how to settle it. */
export function waiting(): { readonly promise: Promise<void>; readonly ack: Ack } {
  let ack: Ack | undefined
  const promise = new Promise<void>((resolve, reject) => {
    ack = { resolve, reject }
  })
  // The executor has run.
  return { promise, ack: ack as Ack }
}

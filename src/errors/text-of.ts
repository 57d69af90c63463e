/** A cause as a message tells it. */
export function textOf(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
}

/** What was thrown, to stand within a sentence of another error. */
export function reasonOf(cause: unknown): string {
  return textOf(cause).replace(/\.$/, '')
}

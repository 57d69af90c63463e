/** Most files open at once. */
const MOST_OPEN = 64

/** Does the work for each, `MOST_OPEN` at once; waits for all of a turn before it throws. */
export async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let at = 0; at < items.length; at += MOST_OPEN) {
    const turn = await Promise.allSettled(items.slice(at, at + MOST_OPEN).map(work))
    for (const settled of turn) {
      if (settled.status === 'rejected') throw settled.reason
      results.push(settled.value)
    }
  }
  return results
}

/** What is asked one after another. */
export interface InLine {
  /** Runs the work when all that was asked before it is over. */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Resolves when all that was asked is over. */
  over(): Promise<unknown>
}

/** Has what is asked of a server stand in line. Who stands behind one for whom the server was away too long has waited as well, and is told with it. */
export function inLine(isAway: (error: unknown) => boolean): InLine {
  let last: Promise<unknown> = Promise.resolve()
  let asked = 0
  /** Up to which of them the server was away, and why. */
  let told = 0
  let away: unknown
  return {
    run(work) {
      const number = ++asked
      const turn = last.then(async () => {
        if (number <= told) throw away
        try {
          return await work()
        } catch (error) {
          if (isAway(error)) {
            told = asked
            away = error
          }
          throw error
        }
      })
      last = turn.catch(() => {})
      return turn
    },
    over: () => last,
  }
}

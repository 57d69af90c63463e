/**
 * Runs what is somebody else's (a listener, an observer, a cleanup), so that what it throws keeps nobody from going on: as
 * with XState's own observers, it surfaces globally. Undefined then.
 */
export function apart<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
    return undefined
  }
}

import { onTestFinished } from 'vitest'

/** Catches, until the test is over, what surfaces globally: the errors that nobody has caught, as they come. */
export function surfaced(): readonly unknown[] {
  const errors: unknown[] = []
  const surface = (error: unknown) => void errors.push(error)
  // Vitest's own would fail the test for it.
  const before = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', surface)
  onTestFinished(() => {
    process.off('uncaughtException', surface)
    for (const listener of before) process.on('uncaughtException', listener)
  })
  return errors
}

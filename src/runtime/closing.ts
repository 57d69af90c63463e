import { CLOSING } from '../service/holds.js'
import type { Conductor } from './conductor.js'

/** What `close` could bring to safety. */
export interface CloseReport {
  /** Keys of the services that rest with a durable checkpoint. */
  readonly safe: readonly string[]
  /** Those that do not, and why: their last durable checkpoint is older than their state. */
  readonly unsafe: readonly { readonly key: string; readonly error: Error }[]
}

/** Holds a service because its supervisor closes. */
export function holdForClosing(conductor: Conductor, deadlineMs?: number): void {
  conductor.hold('shutdown', deadlineMs, CLOSING)
}

/** Brings every service to rest; resolves when all rest and every failure is noted. */
export async function restAll(
  conductors: readonly Conductor[],
  deadlineMs: number | undefined,
): Promise<CloseReport> {
  const safe: string[] = []
  const unsafe: { key: string; error: Error }[] = []
  const rest = async (conductor: Conductor) => {
    holdForClosing(conductor, deadlineMs)
    await conductor.restsUnder('shutdown', CLOSING)
    // One that rested already, or was about to go on, may have taken more since.
    await conductor.engine.durable()
  }
  await Promise.all(
    conductors.map((conductor) =>
      rest(conductor).then(
        () => safe.push(conductor.key),
        (error: Error) => unsafe.push({ key: conductor.key, error }),
      ),
    ),
  )
  await Promise.all(conductors.map(({ engine }) => engine.noted()))
  return { safe, unsafe }
}

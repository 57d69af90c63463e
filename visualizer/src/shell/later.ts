import { type ReadonlySignal, signal } from '@preact/signals'

/** A part of the page that its first paint does not wait for. */
export interface Later<T> {
  /** Undefined until it is here. */
  readonly loaded: ReadonlySignal<T | undefined>
  /** @throws {Error} it could not be loaded; it is tried again when somebody wants it again */
  get(): Promise<T>
}

/** What somebody wanted of the page and did not get, and why. */
export const missed = signal<string | undefined>(undefined)

const parts: (() => Promise<unknown>)[] = []

/** A part that is loaded when the page has nothing else to do, or when somebody wants it: once its server is gone, nothing can be. */
export function later<T>(load: () => Promise<T>): Later<T> {
  const loaded = signal<T | undefined>(undefined)
  let coming: Promise<T> | undefined
  const get = () => {
    coming ??= load().then(
      (part) => {
        loaded.value = part
        return part
      },
      (cause: unknown) => {
        coming = undefined
        throw new Error(UNLOADED, { cause })
      },
    )
    return coming
  }
  parts.push(get)
  return { loaded, get }
}

const UNLOADED =
  'This part of the page could not be loaded: its server is gone. Open the page again when the server is there.'

/** Does something with a part that somebody wants. Where that fails, the page says why. */
export async function withPart<T>({ get }: Later<T>, run: (part: T) => unknown): Promise<void> {
  try {
    await run(await get())
    missed.value = undefined
  } catch (error) {
    missed.value = error instanceof Error ? error.message : String(error)
  }
}

/** A page that is never idle loads its parts all the same, after this time. */
const LONGEST_MS = 5000

/** Loads all parts, one after another, when the page is painted and idle. */
export function loadWhenIdle(): void {
  const begin = async () => {
    // Who wants one that is missing is told.
    for (const get of parts) await get().catch(() => {})
  }
  requestAnimationFrame(() => {
    // Not every browser tells when it is idle.
    if (globalThis.requestIdleCallback === undefined) setTimeout(begin, 1000)
    else requestIdleCallback(begin, { timeout: LONGEST_MS })
  })
}

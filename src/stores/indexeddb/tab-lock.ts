import { type Grip, grip } from './grip.js'
import { answering, untilSilent } from './question.js'

/** The right of this tab (or worker) to a store, among those of one browser. */
export interface TabLock {
  /** Gives it back. What is given back by the end of the page, the browser gives back itself. */
  release(): void
  /** Whether it is still held: it may be gone since the page stood still, which the browser tells before it answers. */
  isHeld(): Promise<boolean>
  /** Resolves when it was taken away, or when another has it as the page goes on. */
  readonly lost: Promise<void>
  /** Called when a tab waits for it that knows this format, which is newer. */
  onNewer?: (format: number) => void
  /** Called when it is held again, after others could have had it while the page was frozen or kept for “back”. */
  onAgain?: () => void
}

/** How the lock is asked for. */
export interface TabLockOptions {
  /** Waits until it is free, or its holder does not answer. Default: false. */
  readonly wait: boolean
  /** A holder that has not answered for this time, in ms, hangs, or stands still without a word: its lock is taken away. */
  readonly unansweredMs: number
}

/**
 * Takes the Web Lock of this name; undefined when another tab has it and is not waited for.
 *
 * A lock can be taken away from a tab that stands still, since nobody else could go on for as long as it does; what that one
 * writes when it goes on is refused by its epoch (https://w3c.github.io/web-locks/#steal).
 */
export async function lockTab(
  name: string,
  { wait, unansweredMs }: TabLockOptions,
): Promise<TabLock | undefined> {
  const atOnce = await grip(name, { ifAvailable: true })
  if (atOnce !== undefined) return held(name, atOnce)
  if (!wait) return undefined
  return held(name, await gripWhenFree(name, unansweredMs))
}

async function gripWhenFree(name: string, unansweredMs: number): Promise<Grip> {
  const waiting = new AbortController()
  const { signal } = waiting
  const free = grip(name, { signal }).catch(() => undefined)
  const granted = await Promise.race([free, untilSilent(name, unansweredMs, signal)])
  waiting.abort()
  const taken = granted ?? (await grip(name, { steal: true }))
  // Stealing needs nobody's leave.
  if (taken === undefined) throw new Error('The browser has not granted a lock that was taken away.')
  return taken
}

/**
 * Holds what was granted, and answers who asks, until it is given back or taken away. It is given back while the page is frozen, so that
 * nobody waits for it, or kept for “back”, which a browser does only with pages that hold none, and taken again when the page
 * goes on, if it is still free.
 */
function held(name: string, granted: Grip): TabLock {
  let grasp: Grip | undefined
  let stopAnswering: (() => void) | undefined
  let isAway = false
  const listening = new AbortController()
  const { signal } = listening
  const hold = (taken: Grip) => {
    grasp = taken
    taken.over.catch(lose)
    stopAnswering = answering(name, (format) => lock.onNewer?.(format))
  }
  const letGo = () => {
    stopAnswering?.()
    grasp?.release()
    grasp = undefined
  }
  function release() {
    listening.abort()
    letGo()
  }
  let tellLost = () => {}
  const lost = new Promise<void>((resolve) => {
    tellLost = resolve
  })
  function lose() {
    release()
    tellLost()
  }
  const leave = () => {
    isAway = true
    letGo()
  }
  const comeBack = async () => {
    if (!isAway) return
    isAway = false
    const again = await grip(name, { ifAvailable: true })
    // What has ended meanwhile, or is away again, wants it no more.
    if (signal.aborted || isAway) return again?.release()
    if (again === undefined) return lose()
    hold(again)
    lock.onAgain?.()
  }
  globalThis.addEventListener('pagehide', leave, { signal })
  globalThis.addEventListener('pageshow', comeBack, { signal })
  // Workers have none.
  globalThis.document?.addEventListener('freeze', leave, { signal })
  globalThis.document?.addEventListener('resume', comeBack, { signal })
  const lock: TabLock = {
    release,
    lost,
    async isHeld() {
      await navigator.locks.query()
      return grasp !== undefined
    },
  }
  hold(granted)
  return lock
}

import { watchAway } from './away.js'
import { type Grip, grip } from './grip.js'
import { gripInLine, gripWhenFree } from './line.js'
import { answering } from './question.js'
import { FORMAT } from './schema.js'

/** The right of this tab (or worker) to a store, among those of one browser. */
export interface TabLock {
  /** Gives it back. What is given back by the end of the page, the browser gives back itself. */
  release(): void
  /** Whether it is still held: it may be gone since the page stood still, which the browser tells before it answers. */
  isHeld(): Promise<boolean>
  /** Resolves when it was taken away. */
  readonly lost: Promise<void>
  /** Called when a tab waits for it that knows this format, which is newer, or has it as this one waits to have it again. */
  onNewer?: (format: number) => void
  /**
   * Called when others may have had it while the page was frozen or kept for “back”: as it goes on, as one says that it holds it, before it is
   * taken from one that does not answer, and when it is held again. Releases it where another has come. Without it, it is lost then.
   */
  onDoubt?: () => Promise<void>
}

/** How the lock is asked for. */
export interface TabLockOptions {
  /** Waits until it is free, or its holder does not answer. Default: false. */
  readonly wait: boolean
  /** A holder that has not answered for this time, in ms, hangs, or stands still without a word: its lock is taken away. */
  readonly unansweredMs: number
  /** Ends the waiting, which rejects then. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Takes the Web Lock of this name; undefined when another tab has it and is not waited for.
 *
 * A lock can be taken away from a tab that stands still, since nobody else could go on for as long as it does; what that one
 * writes when it goes on is refused by its epoch (https://w3c.github.io/web-locks/#steal).
 */
export async function lockTab(
  name: string,
  { wait, unansweredMs, signal }: TabLockOptions,
): Promise<TabLock | undefined> {
  const atOnce = await grip(name, { ifAvailable: true })
  if (atOnce !== undefined) return held(name, atOnce, unansweredMs)
  if (!wait) return undefined
  return held(name, await gripWhenFree(name, unansweredMs, signal), unansweredMs)
}

/**
 * Holds what was granted, and answers who asks, until it is given back or taken away. It is given back while the page is frozen, so that
 * nobody waits for it, or kept for “back”, which a browser does only with pages that hold none, and asked for again when the page
 * goes on: who has it then may be a tab that only looks whether it still is the owner.
 */
function held(name: string, granted: Grip, unansweredMs: number): TabLock {
  let grasp: Grip | undefined
  let stopAnswering: (() => void) | undefined
  let isAway = false
  /** What asks for it again. */
  let coming: AbortController | undefined
  const listening = new AbortController()
  const hold = (taken: Grip) => {
    grasp = taken
    taken.over.catch(lose)
    stopAnswering = answering(name, (format) => lock.onNewer?.(format))
  }
  const letGo = () => {
    coming?.abort()
    coming = undefined
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
    // Who has not become the owner yet asks for it from the start: nobody looks for it whether another has.
    if (lock.onDoubt === undefined) return lose()
    const asked = new AbortController()
    coming = asked
    const look = async () => lock.onDoubt?.()
    let isLooking = false
    const hear = async (format: number) => {
      // Its upgrade may keep each look waiting.
      if (format > FORMAT) return lock.onNewer?.(format)
      if (isLooking) return
      isLooking = true
      await look()
      isLooking = false
    }
    void look()
    const again = await gripInLine(name, unansweredMs, asked, look, hear)
    // What has ended meanwhile, or is away again, wants it no more.
    if (coming !== asked) return again?.release()
    if (again === undefined) return lose()
    hold(again)
    void look()
  }
  watchAway(leave, comeBack, listening.signal)
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

/** The right of this tab (or worker) to a store, among those of one browser. */
export interface TabLock {
  /** Gives it back. What is given back by the end of the page, the browser gives back itself. */
  release(): void
}

/** How the lock is asked for. */
export interface TabLockOptions {
  /** Waits until it is free, or its holder does not answer. Default: false. */
  readonly wait: boolean
  /** A holder that has not answered for this time, in ms, is frozen or hangs: its lock is taken away. */
  readonly unansweredMs: number
}

/** Asked by whoever waits, and answered by the holder; the answer also says that there is a new one. */
type Word = 'who holds it?' | 'I do'

/** How often a holder is asked within the time that it has to answer. */
const ASKED = 4

/**
 * Takes the Web Lock of this name; undefined when another tab has it and is not waited for.
 *
 * A lock can be taken away from a tab that is frozen, since nobody else could go on for as long as it is; what that one
 * writes when it wakes is refused by its epoch (https://w3c.github.io/web-locks/#steal).
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

interface Grip {
  release(): void
}

/** Asks the browser for the lock; undefined where it is not available. */
function grip(name: string, options: LockOptions): Promise<Grip | undefined> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, options, (lock) => {
        // Who has given up waiting wants it no more, though it may be granted at that very moment.
        if (lock === null || options.signal?.aborted) return resolve(undefined)
        return new Promise<void>((release) => resolve({ release }))
      })
      // One that is taken away later rejects as well, and finds the promise settled.
      .catch(reject)
  })
}

async function gripWhenFree(name: string, unansweredMs: number): Promise<Grip> {
  const waiting = new AbortController()
  const silent = silence(name, unansweredMs, waiting.signal)
  const free = grip(name, { signal: waiting.signal }).catch(() => undefined)
  const granted = await Promise.race([free, silent.promise])
  waiting.abort()
  silent.end()
  const taken = granted ?? (await grip(name, { steal: true }))
  // Stealing needs nobody's leave.
  if (taken === undefined) throw new Error('The browser has not granted a lock that was taken away.')
  return taken
}

/** Resolves when the holder has not answered for so long. */
function silence(name: string, unansweredMs: number, signal: AbortSignal) {
  const channel = new BroadcastChannel(name)
  let answeredMs = performance.now()
  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    if (data === 'I do') answeredMs = performance.now()
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  const promise = new Promise<undefined>((resolve) => {
    const ask = () => {
      if (signal.aborted) return
      if (performance.now() - answeredMs >= unansweredMs) return resolve(undefined)
      channel.postMessage('who holds it?' satisfies Word)
      // Several that wait must not all find silence at once: the first tells the others that it holds the lock now.
      timer = setTimeout(ask, (unansweredMs / ASKED) * (0.75 + Math.random() / 2))
    }
    ask()
  })
  const end = () => {
    clearTimeout(timer)
    channel.close()
  }
  return { promise, end }
}

/**
 * Holds what was granted, and answers who asks. It is given back while the page is kept for “back”, which a browser does only
 * with pages that hold none, and taken again when the page is shown, if it is still free.
 */
function held(name: string, granted: Grip): TabLock {
  let grasp: Grip | undefined = granted
  let channel: BroadcastChannel | undefined
  /** Chromium still delivers messages to a page that is frozen, and nothing that it answers would come true. */
  let frozen = false
  const answer = () => {
    channel = new BroadcastChannel(name)
    channel.onmessage = ({ data }: MessageEvent<Word>) => {
      if (data === 'who holds it?' && !frozen) channel?.postMessage('I do' satisfies Word)
    }
    channel.postMessage('I do' satisfies Word)
  }
  const letGo = () => {
    channel?.close()
    grasp?.release()
    grasp = undefined
  }
  const onPageShow = (event: PageTransitionEvent) => {
    if (!event.persisted) return
    void grip(name, { ifAvailable: true }).then((again) => {
      grasp = again
      if (again !== undefined) answer()
    })
  }
  answer()
  const listening = new AbortController()
  const { signal } = listening
  globalThis.addEventListener('pagehide', letGo, { signal })
  globalThis.addEventListener('pageshow', onPageShow, { signal })
  for (const type of ['freeze', 'resume']) {
    const onChange = () => {
      frozen = type === 'freeze'
    }
    globalThis.document?.addEventListener(type, onChange, { signal })
  }
  return {
    release() {
      listening.abort()
      letGo()
    },
  }
}

import { watchAway } from './away.js'
import { type Grip, grip } from './grip.js'
import { untilSilent } from './question.js'

/**
 * Waits for the Web Lock of this name, and takes it from a holder that does not answer. A page leaves the line while it is frozen or kept for
 * “back”: one that stands still would be granted what nobody else can have then.
 * @param signal ends the waiting, which rejects then
 */
export async function gripWhenFree(name: string, unansweredMs: number, signal?: AbortSignal): Promise<Grip> {
  for (;;) {
    signal?.throwIfAborted()
    const asked = new AbortController()
    const listening = new AbortController()
    let isAway = false
    const back = new Promise<void>((goOn) => {
      const leave = () => {
        isAway = true
        asked.abort()
      }
      // One that is shown for the first time tells that, too.
      const comeBack = () => {
        if (isAway) goOn()
      }
      watchAway(leave, comeBack, listening.signal)
    })
    signal?.addEventListener('abort', () => asked.abort(), { signal: listening.signal })
    try {
      const taken = await gripInLine(name, unansweredMs, asked)
      if (taken !== undefined && !isAway && !signal?.aborted) return taken
      taken?.release()
      signal?.throwIfAborted()
      // Stealing needs nobody's leave.
      if (!isAway) throw new Error('The browser has not granted a lock that was taken away.')
      await back
    } finally {
      listening.abort()
    }
  }
}

/**
 * Stands in line once, until `asked` is aborted; undefined then, unless it was granted at that moment.
 * @param look asks for a reason to leave the line before it is taken away
 * @param answered called when another says that it holds the lock, with the format that this one writes
 */
export async function gripInLine(
  name: string,
  unansweredMs: number,
  asked: AbortController,
  look = async () => {},
  answered?: (format: number) => void,
): Promise<Grip | undefined> {
  const { signal } = asked
  if (signal.aborted) return undefined
  try {
    const free = grip(name, { signal }).catch(() => undefined)
    const granted = await Promise.race([free, untilSilent(name, unansweredMs, signal, answered)])
    if (granted !== undefined) return granted
    if (!signal.aborted) await look()
    // It may have been granted as this looked: whoever waits no longer gives it back.
    if (signal.aborted) return await free
    return await grip(name, { steal: true })
  } finally {
    asked.abort()
  }
}

import { FORMAT } from './schema.js'

/**
 * What is said in the channel of a lock. Whoever waits asks, with the newest format that it can read; the holder answers with its own,
 * which also says that there is a new one. A text is somebody's mark.
 */
type Word = number | { readonly holds: number } | string

/** How long a holder has to answer, in ms, unless another time is given: with a question before and after and a claim, less than a second. */
export const UNANSWERED_MS = 500

/** How often a holder is asked within the time that it has to answer, and within the usual one where that is longer. */
const ASKED = 5

/**
 * Asks the holder of this lock again and again; resolves when it has let questions go unanswered for so much time in a row.
 *
 * A tab that is hidden, frozen or hangs wakes late, and its own standstill is no silence of the holder's, which may have stood still with
 * it: a question counts for half of the time at most, so that the next one must go unanswered too.
 * @param answered called when one says that it holds it, with the format that this one writes
 */
export function untilSilent(
  name: string,
  unansweredMs: number,
  signal: AbortSignal,
  answered: (format: number) => void = () => {},
): Promise<undefined> {
  const mouth = new BroadcastChannel(name)
  // It hears what this tab itself says, too.
  const ear = new BroadcastChannel(name)
  const mark = crypto.randomUUID()
  let silentMs = 0
  let isAnswered = false
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = () => {
      isAnswered = false
      mouth.postMessage(FORMAT satisfies Word)
      const askedMs = performance.now()
      const wake = () => {
        if (!isAnswered) silentMs += Math.min(performance.now() - askedMs, unansweredMs / 2)
        if (silentMs < unansweredMs) ask()
        // An answer may be in line: it is heard before the mark is.
        else mouth.postMessage(mark satisfies Word)
      }
      // Several that wait must not all find silence at once: the first tells the others that it holds the lock now.
      const waitMs = (Math.min(unansweredMs, UNANSWERED_MS) / ASKED) * (0.75 + Math.random() / 2)
      timer = setTimeout(wake, waitMs)
    }
    ear.onmessage = ({ data }: MessageEvent<Word>) => {
      if (typeof data === 'object') {
        isAnswered = true
        silentMs = 0
        answered(data.holds)
      } else if (data === mark) {
        if (silentMs < unansweredMs) ask()
        else resolve(undefined)
      }
    }
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      mouth.close()
      ear.close()
    })
    ask()
  })
}

/**
 * Answers for the holder of this lock; gives what ends that.
 * @param newer somebody who waits knows this format, which is newer
 */
export function answering(name: string, newer: (format: number) => void): () => void {
  const channel = new BroadcastChannel(name)
  const answer = () => channel.postMessage({ holds: FORMAT } satisfies Word)
  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    if (typeof data !== 'number') return
    if (data > FORMAT) newer(data)
    else answer()
  }
  answer()
  return () => channel.close()
}

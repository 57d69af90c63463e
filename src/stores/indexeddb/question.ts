import { frozenPage } from '../../platform/frozen-page.js'
import { FORMAT } from './schema.js'

/**
 * What is said in the channel of a lock. Whoever waits asks, with the newest format that it can read; the holder answers, which also says
 * that there is a new one.
 */
type Word = number | 'I do'

/** How often a holder is asked within the time that it has to answer. */
const ASKED = 4

/**
 * Asks the holder of this lock again and again; resolves when it has let questions of so much time in a row go unanswered.
 *
 * The time of the questions is counted, and not the clock's: a tab that is hidden, frozen or hangs wakes late, and its own standstill is
 * no silence of the holder's.
 */
export function untilSilent(name: string, unansweredMs: number, signal: AbortSignal): Promise<undefined> {
  const channel = new BroadcastChannel(name)
  let silentMs = 0
  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    if (data === 'I do') silentMs = 0
  }
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = () => {
      if (silentMs >= unansweredMs) return resolve(undefined)
      channel.postMessage(FORMAT satisfies Word)
      // Several that wait must not all find silence at once: the first tells the others that it holds the lock now.
      const waitMs = (unansweredMs / ASKED) * (0.75 + Math.random() / 2)
      const dueMs = performance.now() + waitMs
      timer = setTimeout(() => {
        // The answer may be in line behind a wake that is late: that one counts half, so that another question is asked.
        silentMs += performance.now() < dueMs + waitMs ? waitMs : waitMs / 2
        ask()
      }, waitMs)
    }
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      channel.close()
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
  const page = frozenPage()
  const answer = () => channel.postMessage('I do' satisfies Word)
  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    if (data === 'I do') return
    // One that is frozen may give way, too: no more is expected of it.
    if (data > FORMAT) newer(data)
    else if (!page.isFrozen()) answer()
  }
  answer()
  return () => {
    page.end()
    channel.close()
  }
}

import { timerMs } from './timer.js'

/**
 * What is answered in time.
 * @param late gets what comes when nobody waits for it any more
 * @param keeps whether waiting keeps a process of Node from its end
 * @throws {Error} it has not come after so many ms
 */
export async function within<T>(
  forMs: number,
  answer: Promise<T>,
  late: (answer: T) => void = () => {},
  keeps = true,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      answer.then(late, () => {})
      reject(new Error(`no answer within ${forMs} ms`))
    }, timerMs(forMs))
    if (!keeps) timer.unref()
  })
  try {
    return await Promise.race([answer, silence])
  } finally {
    clearTimeout(timer)
  }
}

import { after } from '../platform/timer.js'

/** In so many parts it is waited: what has come meanwhile is heard between two of them, also where this thread stood still. */
const PARTS = 4

/** Calls `give` after the time, in ms, unless the function that it gives is called before. */
export function afterSilence(ms: number, give: () => void): () => void {
  let end = () => {}
  const wait = (left: number) => {
    end = after(ms / PARTS, () => (left === 1 ? give() : wait(left - 1)))
  }
  wait(PARTS)
  return () => end()
}

/** In so many parts it is waited: what has come meanwhile is heard between two of them, also where this thread stood still. */
const PARTS = 4

/** Calls `give` after the time, in ms, unless the function that it gives is called before. */
export function afterSilence(ms: number, give: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const wait = (left: number) => {
    timer = setTimeout(() => (left === 1 ? give() : wait(left - 1)), ms / PARTS)
  }
  wait(PARTS)
  return () => clearTimeout(timer)
}

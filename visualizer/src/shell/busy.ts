/** Between two changes that are shown: quicker, and nobody sees each of them. */
const QUICK_MS = 150
/** After so long without one the page is at rest again. */
const REST_MS = 500

let lastMs = Number.NEGATIVE_INFINITY
let ends: ReturnType<typeof setTimeout> | undefined

/**
 * Notes that something is shown. While one change follows another, what moves by itself for a while (a transition that was taken, a
 * glow) would be drawn anew with each, and keep the page from being quick: styles leave it out then.
 */
export function noteShown(nowMs: number): void {
  const isQuick = nowMs - lastMs < QUICK_MS
  lastMs = nowMs
  if (!isQuick) return
  const { classList } = document.documentElement
  classList.add('busy')
  clearTimeout(ends)
  ends = setTimeout(() => classList.remove('busy'), REST_MS)
}

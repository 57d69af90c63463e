/**
 * Hears when this page is frozen, or kept for “back”, and when it goes on, before others hear of that. Workers are neither.
 * @param signal ends it
 */
export function watchAway(leave: () => void, comeBack: () => void, signal: AbortSignal): void {
  const options = { signal, capture: true }
  globalThis.addEventListener('pagehide', leave, options)
  globalThis.addEventListener('pageshow', comeBack, options)
  // Workers have none.
  globalThis.document?.addEventListener('freeze', leave, options)
  globalThis.document?.addEventListener('resume', comeBack, options)
}

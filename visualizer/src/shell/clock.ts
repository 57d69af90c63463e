import { signal } from '@preact/signals'

const TICK_MS = 200

/** Ms since 1970, a few times a second: enough for what counts down. */
export const tickMs = signal(Date.now())

export function startClock(): void {
  setInterval(() => {
    if (!document.hidden) tickMs.value = Date.now()
  }, TICK_MS)
}

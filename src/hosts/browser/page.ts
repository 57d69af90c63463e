import type { HostSink } from '../../ports/host.js'
import { held, quietly } from '../held.js'
import { wokenUp } from '../woken.js'
import { listen } from './listen.js'

/**
 * The life of a page (https://wicg.github.io/page-lifecycle/): hidden and shown, gone on after it was frozen or kept for “back”, and
 * its end.
 */
export function watchPage(sink: HostSink): () => void {
  const hold = held(sink, 'background')
  const look = () => hold(document.visibilityState === 'hidden')
  look()
  let end: Promise<void> | undefined
  const wake = () => wokenUp(sink)
  const ends = [
    listen(document, { visibilitychange: look, resume: wake }),
    listen<PageTransitionEvent>(globalThis, {
      pagehide: ({ persisted }) => {
        // One that is kept may come back, and must begin nothing now.
        if (persisted) return
        end ??= sink.shutdown()
        quietly(end)
      },
      pageshow: ({ persisted }) => {
        if (persisted) wake()
      },
    }),
  ]
  return () => {
    for (const end of ends) end()
  }
}

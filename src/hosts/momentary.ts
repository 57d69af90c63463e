import { after } from '../platform/timer.js'
import type { HostSink } from '../ports/host.js'
import { quietly } from './held.js'

/**
 * An interruption that platforms tell the beginning of alone, such as a warning that memory is short: it holds for a time after
 * the last one.
 */
export function momentary(sink: HostSink, interruption: string, holdMs: number) {
  let stopWaiting: (() => void) | undefined
  const end = () => {
    stopWaiting?.()
    stopWaiting = undefined
  }
  return {
    begin() {
      if (stopWaiting === undefined) quietly(sink.interrupt(interruption))
      end()
      stopWaiting = after(holdMs, () => {
        stopWaiting = undefined
        quietly(sink.release(interruption))
      })
    },
    end,
  }
}

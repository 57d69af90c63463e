import type { HostSink } from '../ports/host.js'
import { quietly } from './held.js'

/**
 * An interruption that platforms tell the beginning of alone, such as a warning that memory is short: it holds for a time after
 * the last one.
 */
export function momentary(sink: HostSink, interruption: string, holdMs: number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const end = () => {
    clearTimeout(timer)
    timer = undefined
  }
  return {
    begin() {
      if (timer === undefined) quietly(sink.interrupt(interruption))
      end()
      timer = setTimeout(() => {
        timer = undefined
        quietly(sink.release(interruption))
      }, holdMs)
    },
    end,
  }
}

import { held } from '../held.js'
import type { Watch } from '../watch.js'
import { listen } from './listen.js'

/** As Chromium has it (https://www.w3.org/TR/battery-status/); TypeScript knows it no more. */
interface Battery extends EventTarget {
  readonly charging: boolean
  /** 0 to 1. */
  readonly level: number
}

/** `low-battery` at this share or below, unless it is being charged. */
export function watchBattery(lowest: number): Watch {
  return (sink) => {
    const hold = held(sink, 'low-battery')
    let end: (() => void) | undefined
    let ended = false
    // Present in Chromium alone.
    const { getBattery } = navigator as { getBattery?: () => Promise<Battery> }
    void getBattery
      ?.call(navigator)
      .then((battery) => {
        if (ended) return
        const look = () => hold(!battery.charging && battery.level <= lowest)
        look()
        end = listen(battery, { chargingchange: look, levelchange: look })
      })
      // A page that may not ask knows of no battery.
      .catch(() => {})
    return () => {
      ended = true
      end?.()
    }
  }
}

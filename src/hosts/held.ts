import type { HostSink } from '../ports/host.js'

/** An interruption that is in force or not, told when that changes. */
export function held(sink: HostSink, interruption: string): (inForce: boolean) => void {
  let told = false
  return (inForce) => {
    if (inForce === told) return
    told = inForce
    quietly(inForce ? sink.interrupt(interruption) : sink.release(interruption))
  }
}

/** What a sink rejects with, the services tell themselves: one that cannot come to rest is failed. */
export function quietly(heard: Promise<void>): void {
  heard.catch(() => {})
}

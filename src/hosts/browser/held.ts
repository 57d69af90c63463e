import type { HostSink } from '../../ports/host.js'

/** An interruption that is in force or not, told when that changes. */
export function held(sink: HostSink, interruption: string): (inForce: boolean) => void {
  let told = false
  return (inForce) => {
    if (inForce === told) return
    told = inForce
    // A service that cannot come to rest says so itself.
    const heard = inForce ? sink.interrupt(interruption) : sink.release(interruption)
    heard.catch(() => {})
  }
}

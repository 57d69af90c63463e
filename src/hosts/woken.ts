import type { HostSink } from '../ports/host.js'
import { quietly } from './held.js'

/** Has every service come to rest once, with a commit that an owner alone can make, and go on. */
export function wokenUp(sink: HostSink): void {
  quietly(sink.interrupt('frozen').then(() => sink.release('frozen')))
}

import type { HostSink } from '../ports/host.js'
import { quietly } from './held.js'

/**
 * Has every service come to rest once, with a commit that an owner alone can make, and go on. It is released at once: each goes on
 * when it rests itself, and none waits for another's long step.
 */
export function wokenUp(sink: HostSink): void {
  quietly(sink.interrupt('frozen'))
  quietly(sink.release('frozen'))
}

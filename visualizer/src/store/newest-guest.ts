import type { IncarnationMessage } from '../../../src/inspect/stream/message.js'
import type { Service } from './service.js'
import type { Store } from './store.js'

/** A listed service of the application that began last of those that show themselves here; undefined where there is none. */
export function newestGuest({ incarnations, list }: Store): Service | undefined {
  let newest: IncarnationMessage | undefined
  for (const incarnation of incarnations.values()) {
    const { guest, live, startedAtMs } = incarnation
    if (guest !== undefined && live && startedAtMs >= (newest?.startedAtMs ?? 0)) newest = incarnation
  }
  return newest && list.members.peek().find(({ incarnation }) => incarnation === newest?.incarnation)
}
